import { createRoot } from 'react-dom/client';
import { figureStyle } from '../../figures/style.ts';
import type { Lesson } from '../../lessons/lesson.ts';
import type { Messages } from '../../lib/say.ts';
import { say } from '../../lib/say.ts';
import type { Language } from '../../messages/languages.ts';
import type { Client } from '../../worker/protocol.ts';
import { createController } from '../store/controller.ts';
import { createStageStore } from '../store/store.ts';
import { adopt } from '../ui/adopt.ts';
import { afterPaint } from '../ui/after-paint.ts';
import { App } from './App.tsx';
import { followAddress, isOfThisWindow } from './address.ts';
import { keepDrafts, keptDrafts } from './drafts.ts';
import { takeDropped } from './dropped.ts';
import type { Files } from './files.ts';
import { followLanguage, linkedLanguage, speaking, speakOnPage, wantedLanguage } from './language.ts';
import { isOfFile, type LinkError, NOTHING, parseLink } from './link.ts';
import { loadPacking } from './packing.ts';
import { followTheme, rememberedTheme } from './theme.ts';

/** Milliseconds. */
const SOON = 1000;

/** Draws the stage into an element, in the reader's language, and follows the page's address. */
export async function startStage(
  element: Element,
  connectClient: () => Client,
  messagesIn: (language: Language) => Promise<Messages | null>,
  later: () => void = () => {},
): Promise<void> {
  adopt(figureStyle);

  const language = wantedLanguage(location.hash);
  const messages = await messagesIn(language).catch(() => null);
  speakOnPage(language, messages);
  const connect = () => speaking(connectClient(), messages);

  const store = createStageStore({ theme: rememberedTheme(), language, drafts: keptDrafts() });
  const controller = createController(store, connect);
  const inFiles = (use: (files: Files) => Promise<void>, failed: (message: string) => void) =>
    void import('./files.ts').then(
      ({ Files }) => use(new Files(store, controller)),
      () => failed(say`This part of the page could not be loaded.`),
    );
  let asked = NOTHING;

  const follow = async () => {
    if (/[#&]s=/.test(location.hash)) await loadPacking();
    if ((linkedLanguage(location.hash) ?? language) !== language) {
      location.reload();
      return;
    }
    const parsed = parseLink(location.hash);
    if (!parsed.ok) {
      asked = NOTHING;
      store.setState({ linkError: parsed.error });
      controller.start(NOTHING, false);
      return;
    }
    if (parsed.ignored.length > 0) console.info(`The address has parts that say nothing here: ${parsed.ignored.join(', ')}`);
    asked = parsed.link;
    if (asked.theme) store.setState({ theme: asked.theme });
    store.setState({ linkError: null, numbers: asked.numbers ?? 'hex', scale: asked.scale ?? 1 });
    if (isOfFile(asked)) {
      const link = asked;
      controller.start(link, false);
      inFiles(
        (files) => files.follow(link, () => asked === link),
        (message) => store.setState({ linkError: { message, scenario: null } }),
      );
    } else if (asked.lesson !== null) void openLesson(asked.lesson, asked.page ?? 1);
    else {
      store.setState({ lesson: null });
      controller.start(asked, true, isOfThisWindow() ? 'here' : 'link');
    }
  };

  const openLesson = async (id: string, page: number) => {
    controller.start(NOTHING, false);
    const [{ findLesson }, { lessonAt }] = await Promise.all([import('../../lessons/catalog.ts'), import('./lesson-opening.ts')]);
    let lesson: Lesson;
    try {
      lesson = lessonAt(findLesson(id), id, page);
    } catch (error) {
      store.setState({ linkError: error as LinkError });
      return;
    }
    const open = store.getState().lesson;
    if (open?.lesson !== lesson || open.page !== page - 1) controller.openLesson(lesson, page - 1);
  };

  store.subscribe((state, before) => {
    if (state.drafts !== before.drafts) keepDrafts(state.drafts);
    if (state.lesson && !before.lesson)
      void import('../../lessons/glossary.ts').then(({ GLOSSARY }) => store.setState({ glossary: GLOSSARY }));
  });
  followTheme(store);
  const writeAddress = followAddress(store, () => asked);
  followLanguage(store, (lang) => {
    asked = { ...asked, lang };
    writeAddress();
  });
  const openFile = (file: File) =>
    inFiles(
      (files) => files.open(file),
      (refused) => store.setState({ refused }),
    );
  takeDropped(openFile);
  addEventListener('hashchange', () => void follow());
  const answered = new Promise<void>((resolve) => {
    const stopWaiting = store.subscribe(({ frame, died, linkError }) => {
      if (frame === null && died === null && linkError === null) return;
      stopWaiting();
      resolve();
    });
  });
  await follow();
  /* Drawn once where the machine answers soon: an empty stage takes as long to draw as a full one. */
  await Promise.race([answered, new Promise((resolve) => setTimeout(resolve, SOON))]);
  createRoot(element).render(<App stage={{ store, controller, connect, openFile }} later={later} />);
  await answered;
  afterPaint(() => void import('../styles/fonts.css'));
}
