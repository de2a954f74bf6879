/** The embed's entry: one classic script, for frames where modules cannot be had. */

import { createRoot } from 'react-dom/client';
import { createStore } from 'zustand/vanilla';
import { figureStyle } from '../../figures/style.ts';
import { say } from '../../lib/say.ts';
import type { Client } from '../../worker/protocol.ts';
import { connect } from '../app/client.ts';
import { linkedLanguage, speaking, speakOnPage } from '../app/language.ts';
import { isPath, type LinkError, type LinkState, NOTHING, parseLink } from '../app/link.ts';
import { ladder } from '../app/rungs.ts';
import { createController } from '../store/controller.ts';
import { createStageStore } from '../store/store.ts';
import '../styles/embed.css';
import type { Target } from '../store/target.ts';
import { still } from '../ui/motion.ts';
import { colour } from './colours.ts';
import { Embed } from './Embed.tsx';
import { type MachineName, needed, prefetch, withImages } from './images.ts';
import { isLookName, type Look, parametersOf, readLook, USUAL_LOOK } from './look.ts';
import { linkWith, obeyHost, reportHeight, tellHost } from './messages.ts';
import { messagesIn } from './messages-in.ts';
import { keepAnswers } from './record.ts';
import { share } from './shared.ts';
import { loadFiles, loadMore, more, moreLiesIn } from './with-more.tsx';

const script = document.currentScript instanceof HTMLScriptElement ? document.currentScript.src : '';

/** In the language that the address asks for: the page around the frame has one, whatever the reader's is. */
async function start(element: Element): Promise<void> {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(figureStyle);
  document.adoptedStyleSheets.push(sheet);

  const store = createStageStore();
  const looks = createStore<Look>(() => USUAL_LOOK);
  let client: Client | null = null;
  const base = new URL('../', script || location.href).href;
  const language = linkedLanguage(location.hash) ?? 'en';
  const messages = await messagesIn(language, base);
  speakOnPage(language, messages);
  moreLiesIn(`${base}embed/`);
  const die = (message: string) => store.setState({ died: { message, n: 0 } });
  /** The least that can run what is asked for, and the full one for good when something has needed it. */
  let machine: MachineName = 'core.js';
  const controller = createController(store, () => {
    const connected = speaking(connect(ladder(base + machine)), messages);
    client = machine === 'machine.js' ? connected : withImages(connected, base, die);
    return client;
  });
  let address = '';

  const look = (parameters: [string, string][], before?: Look) => {
    const { look: read, odd } = readLook(parameters, before);
    if (odd.length > 0) console.info(`These say nothing here: ${odd.join(', ')}`);
    looks.setState(read);
    store.setState({ numbers: read.numbers });
  };
  const open = () => {
    if ((linkedLanguage(`#${address}`) ?? 'en') !== language) {
      location.hash = address;
      location.reload();
      return;
    }
    if (holdsProgram(address) && !more()) {
      const wanted = address;
      loadMore().then(
        () => wanted === address && open(),
        (error: unknown) => die(String(error)),
      );
      return;
    }
    const parsed = parseLink(machinePart(address));
    if (!parsed.ok) {
      store.setState({ linkError: parsed.error });
      controller.start(NOTHING, false);
      return;
    }
    if (parsed.ignored.length > 0) console.info(`The address has parts that say nothing here: ${parsed.ignored.join(', ')}`);
    const { link } = parsed;
    if (link.lesson !== null || (link.file && !/^\s*\{/.test(link.file.text))) {
      const message = say`This link is for a lesson, and a frame shows a machine: open it in RingMinusOne.`;
      store.setState({ linkError: { message, scenario: null } });
      controller.start(NOTHING, false);
      return;
    }
    store.setState({ linkError: null });
    if (link.file || isPath(link.scenario ?? '')) {
      void openFile(link);
      return;
    }
    choose(link);
    controller.start(link);
  };
  /** Takes the least machine that can open it. */
  const choose = ({ scenario, source, vmm, edits, costs }: Partial<LinkState> | Target) => {
    const asks = looks.getState().predict !== 'off';
    const needs = source == null && !edits?.length && costs == null ? needed(scenario ?? null, vmm ?? null, asks) : null;
    const least = machine === 'machine.js' ? machine : (needs?.machine ?? 'machine.js');
    if (least !== machine) {
      machine = least;
      controller.close();
    }
    if (needs && machine !== 'machine.js') prefetch(needs.images, base);
    controller.setPredicting(asks);
  };
  /** A scenario file, inside the address or beside the page, and what it says of the look where the address does not. */
  const openFile = async (link: LinkState) => {
    const wanted = address;
    try {
      const { fetched, readScenario, targetOfFile, lookOfFile } = await loadFiles(`${base}embed/`);
      const opened = readScenario(link.file ?? (await fetched(link.scenario ?? '', base)));
      if (wanted !== address) return;
      look([...lookOfFile(opened), ...parametersOf(address)] as [string, string][]);
      const target = targetOfFile(opened, link);
      choose(target);
      controller.start(link, false);
      controller.openFile(target);
    } catch (error) {
      if (wanted !== address) return;
      const problem = error instanceof Error ? { message: error.message, scenario: null } : (error as LinkError);
      store.setState({ linkError: problem });
      controller.start(NOTHING, false);
    }
  };
  const follow = () => {
    address = location.hash;
    look(parametersOf(address));
    open();
  };

  const answers = keepAnswers(store);
  const host = {
    store,
    controller,
    answers,
    id: () => looks.getState().id,
    rung: () => client?.rung ?? '',
    set(parameters: readonly (readonly [string, string])[]) {
      colour(parameters);
      const machine = parameters.filter(([name]) => !isLookName(name) && !name.startsWith('--'));
      const asked = looks.getState().predict !== 'off';
      look([...parameters] as [string, string][], looks.getState());
      const asks = looks.getState().predict !== 'off' && !asked;
      if (machine.length === 0 && !asks) {
        controller.setPredicting(looks.getState().predict !== 'off');
        return;
      }
      const { frame } = store.getState();
      const here: [string, string][] = frame && machine.length === 0 ? [['step', String(frame.view.n)]] : [];
      address = linkWith(address, [...machine, ...here]);
      open();
    },
  };
  share();
  dress(looks.getState());
  looks.subscribe(dress);
  tellHost(host);
  obeyHost(host);
  store.subscribe((state, before) => {
    if (state.phase === 'ready' && before.phase !== 'ready') {
      document.documentElement.dataset.rung = client?.rung ?? '';
      play();
    } else if (looks.getState().loop && state.frame?.view.ended && before.frame?.running) {
      controller.seek(0);
      controller.toggleRun();
    }
  });
  const play = () => {
    const { autoplay, speed, motion } = looks.getState();
    controller.setSpeed(speed);
    if (autoplay && !still() && motion !== 'reduced' && motion !== 'none') controller.toggleRun();
  };

  addEventListener('hashchange', follow);
  follow();
  createRoot(element).render(<Embed stage={{ store, controller }} looks={looks} answers={answers} />);
  reportHeight(element, host.id);
}

/** Theme and contrast stand on the root, where the style sheet looks for them. */
function dress({ theme }: Look): void {
  const { dataset } = document.documentElement;
  delete dataset.theme;
  delete dataset.contrast;
  if (theme === 'contrast') dataset.contrast = 'more';
  else if (theme !== 'auto') dataset.theme = theme;
}

const holdsProgram = (hash: string): boolean => /(^|[#&])s=/.test(hash);

/** What the address says of the machine: the rest is the look's. */
function machinePart(hash: string): string {
  return hash
    .replace(/^#/, '')
    .split('&')
    .filter((part) => !isLookName(part.replace(/=.*$/s, '')))
    .join('&');
}

const root = document.getElementById('root');
if (root) void start(root);
