/** Every panel and every state of the pages, and how to come to it: what tests look at from all sides. */
import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { lessons } from '../../src/lessons/catalog.ts';
import { editsOf } from '../../src/session/edits.ts';
import { printLink } from '../../src/web/app/link.ts';

const GUEST = 'first-exit/guest.inc';
const guest = readFileSync(new URL(`../../src/guest/${GUEST}`, import.meta.url), 'utf8');

type Act = (page: Page) => Promise<unknown>;

export interface Scene {
  readonly name: string;
  /** Behind the site's origin. */
  readonly path: string;
  /** Of a lesson's page. */
  readonly heading?: string;
  /** Every panel that this arrangement has is opened, one after another. */
  readonly panels?: true;
  /** What is done then, by what it leads to. */
  readonly acts?: Readonly<Record<string, Act>>;
  /** All that is another than in the scene before it. */
  readonly part?: string;
}

export interface State {
  readonly name: string;
  /** All that is another than in the state before it. */
  readonly part?: string;
}

const press =
  (name: string | RegExp, within = 'body'): Act =>
  (page) =>
    page.locator(within).getByRole('button', { name, exact: true }).first().click();
const key =
  (name: string): Act =>
  (page) =>
    page.keyboard.press(name);
const after =
  (...acts: Act[]): Act =>
  async (page) => {
    for (const act of acts) await act(page);
  };
const close = key('Escape');
const answered: Act = async (page) => {
  const predict = page.getByTestId('predict');
  await predict
    .getByRole('radio', { name: /carries on|goes on|kernel/i })
    .first()
    .check();
  await press('Step and see')(page);
  await predict.locator('.predict-card').nth(1).waitFor();
};

/** Machines, each with all of its panels. */
export const MACHINES: readonly Scene[] = [
  { name: 'bare metal', path: '/#scenario=one-system&step=200000', panels: true },
  { name: 'trap and emulate', path: '/#scenario=two-kernels&vmm=trap&step=60000', panels: true },
  { name: 'translation', path: '/#scenario=two-kernels&vmm=translate&step=30000', panels: true },
  { name: 'paravirtual', path: '/#scenario=one-system&vmm=para&step=400000', panels: true },
  { name: 'VT-x, shadow paging', path: '/#scenario=two-kernels&step=20481', panels: true },
  { name: 'VT-x, nested paging, four machines', path: '/#scenario=two-kernels&paging=nested&vms=4&event=exit:40', panels: true },
  { name: 'AMD-V, three machines', path: '/#scenario=two-kernels&vmm=svm&vms=3&event=exit:60', panels: true },
  { name: 'VT-x in VT-x', path: '/#scenario=ring-minus-one-twice', panels: true },
  { name: 'peers', path: '/#scenario=peers&step=2000', panels: true },
  { name: 'switched on, and nothing yet', path: '/#scenario=two-kernels&vmm=svm&step=0', panels: true },
];

/** A link that changes a source in many places. */
const CHANGING = printLink({
  scenario: 'first-exit',
  step: 640,
  edits: editsOf({ [GUEST]: guest.replaceAll('\n', '\n; a line of the link’s\n') }, () => guest),
});

/** What opens over or beside the stage, and what goes wrong. */
export const STATES: readonly Scene[] = [
  {
    name: 'an exit',
    path: '/#scenario=first-exit&step=613',
    acts: {
      'its checks': after(press('Why?'), (page) => page.locator('dialog[open] li').first().waitFor()),
      'the share dialog': after(close, press('Share'), (page) => page.locator('dialog.share[open] textarea').first().waitFor()),
      'the keys': after(close, key('?'), (page) => page.getByTestId('keys').waitFor()),
      'the gallery': after(close, press('Lessons'), (page) => page.locator('dialog[open] section li').first().waitFor()),
    },
  },
  {
    name: 'beside the instructions',
    path: '/#scenario=first-exit&step=613',
    acts: {
      stops: after(press('stops'), (page) => page.getByTestId('stops').waitFor()),
      'a stop set': after(
        (page) => page.getByLabel('Writes to').fill('20000'),
        press('Watch'),
        (page) => page.getByTestId('stops').locator('li').waitFor(),
      ),
      'what can be done at an instruction': (page) => page.locator('.row:not(.current) button.a').first().click(),
      source: after(press('source'), (page) => page.locator('.cm-content').waitFor()),
      'a presentation': after(press('close', '.source'), press('Present')),
    },
  },
  {
    name: 'a question',
    path: '/#scenario=first-exit&step=612',
    acts: {
      asked: after(
        (page) => page.getByRole('checkbox', { name: 'Predict' }).check(),
        (page) => page.getByTestId('predict').getByRole('radio').first().waitFor(),
      ),
      'answered wrongly': answered,
    },
  },
  { name: 'a guest that failed', path: '/#scenario=triple-fault&step=999999', panels: true },
  { name: 'an entry refused', path: '/#scenario=refused-entry&step=567', acts: { 'its checks': press('Why?') } },
  { name: 'changed by its link', path: `/${CHANGING}`, acts: { unfolded: (page) => page.locator('[data-testid=linked] summary').click() } },
  {
    name: 'a damaged link',
    path: '/#scenario=two-kernels&step=12x',
    acts: {
      'opened at its start': after(press(/at its start/), (page) => page.waitForSelector('html[data-ready]')),
      shared: after(press('Share'), (page) => page.locator('dialog.share[open] textarea').first().waitFor()),
    },
  },
  { name: 'a link for nothing that is here', path: '/#scenario=nothing-of-the-kind' },
  { name: 'a file with faults', path: '/#scenario=./schema/scenario.v1.json' },
  { name: 'a lesson that is not there', path: '/#lesson=nothing-of-the-kind' },
  {
    name: 'a source that does not assemble',
    path: '/#scenario=first-exit&step=640',
    acts: {
      'the editor': after(press('source'), (page) => page.locator('.cm-content').waitFor()),
      'with an error': after(
        (page) => page.locator('.cm-content').click(),
        key('Control+Home'),
        (page) => page.keyboard.insertText('moov eax, 1\n'),
        key('Control+Enter'),
        (page) => page.locator('.cm-message').waitFor(),
      ),
      'closed again': press('close', '.source'),
    },
  },
  {
    name: 'a port',
    path: '/#scenario=one-system&vmm=para&step=31900',
    acts: {
      'its changes': after(press('source'), press('what the port changed'), (page) => page.getByTestId('port').waitFor()),
    },
  },
  {
    name: 'a lesson on paper',
    path: '/#lesson=first-exit&page=2',
    acts: { '': after(press('print'), (page) => page.getByRole('dialog').getByRole('heading', { level: 2 }).last().waitFor()) },
  },
];

const EMBEDDED = 'panels=text,rings,code,regs,exits,walk,vmcs,timeline,console&controls=full';

/** Frames in other pages. */
export const FRAMES: readonly Scene[] = [
  { name: 'a frame', path: '/embed/#scenario=first-exit&step=612' },
  { name: 'a frame with every panel', path: `/embed/#scenario=two-kernels&step=20481&${EMBEDDED}` },
  { name: 'a frame of AMD-V', path: `/embed/#scenario=two-kernels&vmm=svm&vms=3&step=20000&${EMBEDDED}` },
  { name: 'a frame of translation', path: `/embed/#scenario=two-kernels&vmm=translate&step=30000&${EMBEDDED}` },
  { name: 'a frame of VT-x in VT-x', path: `/embed/#scenario=ring-minus-one-twice&${EMBEDDED}` },
  {
    name: 'a frame that asks',
    path: '/embed/#scenario=first-exit&step=612&predict=always',
    acts: {
      asked: (page) => page.getByTestId('predict').getByRole('radio').first().waitFor(),
      'answered wrongly': answered,
    },
  },
  { name: 'a frame with few controls', path: '/embed/#scenario=triple-fault&panels=text,code&controls=step' },
  { name: 'a frame with more contrast', path: '/embed/#scenario=first-exit&step=612&theme=contrast' },
  { name: 'a frame at first a picture', path: '/embed/#scenario=first-exit&poster=static' },
  { name: 'a frame with a damaged link', path: '/embed/#scenario=first-exit&step=12x' },
];

/** States that the machine of cardboard of tests/support/stage takes: their paths are in its folder. */
export const CARDBOARD: readonly Scene[] = [
  { name: 'VT-x', path: '/' },
  { name: 'VT-x, three machines', path: '/?vms=3&at=18' },
  { name: 'no monitor', path: '/?vmm=none&at=6' },
  { name: 'nothing has come yet', path: '/?state=silent' },
  { name: 'loading', path: '/?state=loading' },
  { name: 'the guest has failed', path: '/?state=failure' },
  { name: 'the source is wrong', path: '/?state=source-error' },
  { name: 'the simulator has failed', path: '/?state=died' },
];

/** Of every lesson its first page; with `tasks` the one with a change and the one with an exercise, too. */
export function lessonScenes(tasks: boolean): readonly Scene[] {
  return lessons().flatMap(({ id, pages }) =>
    pages
      .map((page, i) => ({ page, i }))
      .filter(({ page, i }) => i === 0 || (tasks && (page.change !== null || page.build !== null)))
      .map(({ page: { title }, i }) => ({
        name: `${id}, ${title}`,
        path: `/#lesson=${id}&page=${i + 1}`,
        heading: title,
        ...(i > 0 && { part: '.lesson' }),
      })),
  );
}

/** Waits until nothing is loading, and nothing on the page has changed for a moment. */
export async function settled(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const { dataset } = document.documentElement;
    const busy = () => dataset.ready !== undefined && document.querySelector('.late[aria-busy=true]') !== null;
    const began = performance.now();
    let changed = began;
    const observer = new MutationObserver(() => {
      changed = performance.now();
    });
    observer.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
    while (busy() || performance.now() - changed < 80) {
      if (performance.now() - began > 20_000) throw new Error('the page does not come to rest');
      await new Promise((done) => setTimeout(done, 20));
    }
    observer.disconnect();
  });
}

const OPENED = 'html[data-ready], .damaged, .poster img';
/** Where no machine ever comes. */
const OPENED_WITHOUT = '[data-testid=transport]';

let visits = 0;

async function arrive(page: Page, origin: string, { path, heading }: Scene): Promise<void> {
  const { pathname, search, hash } = new URL(path, origin);
  const now = new URL(page.url());
  if (heading !== undefined && now.hash.startsWith('#lesson=') && now.origin === origin) {
    await page.evaluate((next) => {
      location.hash = next;
    }, hash);
    await page.locator('.lesson > h2', { hasText: heading }).waitFor({ timeout: 60_000 });
    await page.locator('.progress[role=progressbar]').waitFor({ state: 'detached', timeout: 60_000 });
    await page.locator('button[aria-label=Run][aria-pressed=false]').waitFor({ timeout: 60_000 });
    return;
  }
  await page.goto(`${origin}${pathname}${search === '' ? '?' : `${search}&`}visit=${visits++}${hash}`);
  await page.waitForSelector(/state=(silent|loading)/.test(search) ? OPENED_WITHOUT : OPENED, { timeout: 60_000 });
}

/** Opens a scene in a page and goes through all that is in it; yields at each state. */
export async function* visited(page: Page, origin: string, scene: Scene): AsyncGenerator<State> {
  const { name, panels, acts = {}, part } = scene;
  await arrive(page, origin, scene);
  await settled(page);
  yield { name, part };
  if (panels) {
    const choices = page.locator('.switch button, .tabs [role=tab]');
    for (let i = 0; i < (await choices.count()); i++) {
      await choices.nth(i).click();
      await settled(page);
      await page.evaluate(() => {
        for (const details of document.querySelectorAll('details')) details.open = true;
      });
      yield {
        name: `${name}: ${await choices.nth(i).textContent()}`,
        part: (await page.locator('.tabs').count()) > 0 ? '.tabs' : '.state',
      };
    }
  }
  for (const [leads, act] of Object.entries(acts)) {
    await act(page);
    await settled(page);
    yield { name: `${name}: ${leads}`, part: (await page.locator('dialog[open]').count()) > 0 ? 'dialog[open]' : undefined };
  }
}
