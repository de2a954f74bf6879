/** The embed's entry: one classic script, for frames where modules cannot be had. */

import { createRoot } from 'react-dom/client';
import { createStore } from 'zustand/vanilla';
import { figureStyle } from '../../figures/style.ts';
import type { Language } from '../../messages/languages.ts';
import type { Client } from '../../worker/protocol.ts';
import { connect } from '../app/client.ts';
import { linkedLanguage, speaking } from '../app/language.ts';
import { isPath, type LinkError, type LinkState, NOTHING, parseLink } from '../app/link.ts';
import { ladder } from '../app/rungs.ts';
import { createController } from '../store/controller.ts';
import { createStageStore } from '../store/store.ts';
import '../styles/embed.css';
import type { Target } from '../store/target.ts';
import { adopt } from '../ui/adopt.ts';
import { still } from '../ui/motion.ts';
import { colour } from './colours.ts';
import { Embed } from './Embed.tsx';
import { type MachineName, needed, prefetch, withImages } from './images.ts';
import { isLookName, type Look, parametersOf, readLook, USUAL_LOOK } from './look.ts';
import { type Host, linkWith, obeyHost, reportHeight, tellHost } from './messages.ts';
import { keepAnswers } from './record.ts';
import { share } from './shared.ts';
import { Tongue } from './tongue.ts';
import { FILES, LESSON, MORE, moreLiesIn } from './with-more.tsx';

const script = document.currentScript instanceof HTMLScriptElement ? document.currentScript.src : '';

/** Panels for which a machine for embeds has too little. */
const looksAround = (panels: Look['panels']): boolean => panels.includes('mem') || panels.includes('walk');

/** In the language that the address asks for: the page around the frame has one, whatever the reader's is. */
async function start(element: Element): Promise<void> {
  adopt(figureStyle);

  const store = createStageStore();
  const looks = createStore<Look>(() => USUAL_LOOK);
  let client: Client | null = null;
  const base = new URL('../', script || location.href).href;
  const tongue = new Tongue(base);
  moreLiesIn(`${base}embed/`);
  const die = (message: string) => store.setState({ died: { message, n: 0 } });
  /** The least that can run what is asked for, and the full one for good when something has needed it. */
  let machine: MachineName = 'core.js';
  const controller = createController(store, () => {
    const connected = speaking(connect(ladder(base + machine)), tongue.messages);
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
    if (holdsProgram(address) && !MORE.found()) {
      const wanted = address;
      MORE.load().then(
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
    store.setState({ linkError: null });
    if (link.lesson !== null || (link.file && !/^\s*\{/.test(link.file.text))) {
      void openLesson(link);
      return;
    }
    store.setState({ lesson: null });
    if (link.file || isPath(link.scenario ?? '')) {
      void openFile(link);
      return;
    }
    choose(link);
    controller.start(link);
  };
  /** Takes the least machine that can open it; `whole` where that is not enough. */
  const choose = ({ scenario, source, vmm, edits, costs }: Partial<LinkState> | Target, ofLesson = false, whole = false) => {
    const { predict, panels } = looks.getState();
    const asks = predict !== 'off';
    const least = source == null && !edits?.length && costs == null && !whole && !looksAround(panels);
    const needs = least ? needed(scenario ?? null, vmm ?? null, asks || ofLesson) : null;
    const taken = machine === 'machine.js' ? machine : (needs?.machine ?? 'machine.js');
    if (taken !== machine) {
      machine = taken;
      controller.close();
    }
    if (needs && machine !== 'machine.js') prefetch(needs.images, base);
    controller.setPredicting(asks);
  };
  /** A scenario file, inside the address or beside the page, and what it says of the look where the address does not. */
  const openFile = async (link: LinkState) => {
    const wanted = address;
    try {
      const { fetched, readScenario, targetOfFile, lookOfFile } = await FILES.load();
      const opened = readScenario(link.file ?? (await fetched(link.scenario ?? '', base)));
      if (wanted !== address) return;
      look([...lookOfFile(opened), ...parametersOf(address)] as [string, string][]);
      const target = targetOfFile(opened, link);
      choose(target);
      controller.start(link, false);
      controller.openFile(target);
    } catch (error) {
      if (wanted === address) refuse(error);
    }
  };
  const openLesson = async (link: LinkState) => {
    const wanted = address;
    try {
      const path = link.lesson !== null && isPath(link.lesson) ? link.lesson : null;
      const [{ lessonOf, GLOSSARY }, files] = await Promise.all([LESSON.load(), path === null ? null : FILES.load()]);
      const lesson = lessonOf(link, files && path !== null ? await files.fetched(path, base) : link.file);
      if (wanted !== address) return;
      choose(
        lesson,
        true,
        lesson.pages.some(({ change }) => change !== null),
      );
      controller.start(link, false);
      store.setState({ glossary: GLOSSARY });
      controller.openLesson(lesson, (link.page ?? 1) - 1);
    } catch (error) {
      if (wanted === address) refuse(error);
    }
  };
  const refuse = (error: unknown) => {
    store.setState({ linkError: error instanceof Error ? { message: error.message, scenario: null } : (error as LinkError) });
    controller.start(NOTHING, false);
  };
  const follow = async () => {
    const wanted = asked();
    await speakIn(linkedLanguage(wanted) ?? 'en');
    if (wanted !== asked()) return;
    address = wanted;
    look(parametersOf(address));
    open();
  };
  const root = createRoot(element);
  const draw = () => root.render(<Embed key={tongue.language} stage={{ store, controller }} looks={looks} answers={answers} />);
  /** From now on; what the machine has said is asked for once more. */
  const speakIn = async (language: Language) => {
    if (!(await tongue.turnTo(language))) return;
    const { phase, frame } = store.getState();
    if (!client) return;
    client.send({ type: 'speak', id: 0, messages: tongue.messages });
    draw();
    if (phase === 'ready' && frame && !frame.running) controller.seek(frame.view.n);
  };

  const answers = keepAnswers(store);
  const host: Host = {
    store,
    controller,
    answers,
    id: () => looks.getState().id,
    rung: () => client?.rung ?? '',
    set(parameters: readonly (readonly [string, string])[]) {
      const lang = languageIn(parameters);
      if (lang !== undefined && lang !== tongue.language) {
        void speakIn(lang).then(() => host.set(parameters.filter(([name]) => name !== 'lang')));
        return;
      }
      colour(parameters);
      const machine = parameters.filter(([name]) => !isLookName(name) && !/^(--|::|lang$)/.test(name));
      const before = looks.getState();
      look([...parameters] as [string, string][], before);
      const { predict, panels } = looks.getState();
      const more = (predict !== 'off' && before.predict === 'off') || (looksAround(panels) && !looksAround(before.panels));
      const { frame, lesson } = store.getState();
      if (machine.length === 0 && (!more || lesson)) {
        controller.setPredicting(predict !== 'off');
        return;
      }
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
  /** It has gone back to the start to run anew. */
  let again = false;
  store.subscribe((state, before) => {
    if (state.phase === 'ready' && before.phase !== 'ready') {
      document.documentElement.dataset.rung = client?.rung ?? '';
      play();
    } else if (looks.getState().loop && state.frame?.view.ended && before.frame?.running) {
      again = true;
      controller.seek(0);
    } else if (again && state.frame !== before.frame && !state.frame?.view.ended) {
      again = false;
      controller.toggleRun();
    }
  });
  const play = () => {
    const { autoplay, speed, motion } = looks.getState();
    controller.setSpeed(speed);
    if (autoplay && !still() && motion !== 'reduced' && motion !== 'none') controller.toggleRun();
  };

  addEventListener('hashchange', follow);
  await follow();
  draw();
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

/** `lang` among the parameters: English when it is taken away. */
const languageIn = (parameters: readonly (readonly [string, string])[]): Language | undefined => {
  const said = parameters.find(([name]) => name === 'lang')?.[1];
  return said === undefined ? undefined : (linkedLanguage(`#lang=${said}`) ?? 'en');
};

/** The address, less what WordPress puts behind that of a frame which it has from oEmbed (wp_filter_oembed_result). */
const asked = (): string => location.hash.replace(/#\?secret=.*$/, '');

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
