/** Files that a reader opens, or that an address is for: lessons, scenario files, programs. */
import type { Lesson } from '../../lessons/lesson.ts';
import { say } from '../../lib/say.ts';
import type { Controller } from '../store/controller.ts';
import type { StageStore } from '../store/store.ts';
import type { LinkError, LinkState } from './link.ts';
import type { PackedFile } from './packed.ts';

type Place = Pick<LinkState, 'step' | 'exit' | 'page'>;
const NOWHERE: Place = { step: null, exit: null, page: null };

/** Larger than any file that is meant. */
const MOST_BYTES = 1 << 20;

/** Opens files in the stage. */
export class Files {
  private readonly store: StageStore;
  private readonly controller: Controller;

  constructor(store: StageStore, controller: Controller) {
    this.store = store;
    this.controller = controller;
  }

  /** What a link is for; what is wrong with it stands in its place. */
  async follow(link: LinkState, stillWanted: () => boolean): Promise<void> {
    try {
      const path = link.file === null ? (link.lesson ?? link.scenario ?? '') : null;
      const { fetched } = await import('./scenario-opening.ts');
      const file = link.file ?? (await fetched(path!, location.href));
      if (stillWanted()) await this.show(file, path === null ? file : { path }, link);
    } catch (error) {
      if (!stillWanted()) return;
      if (!isLinkError(error)) throw error;
      this.store.setState({ linkError: error });
    }
  }

  /** A file from the reader's disk; what is wrong with it is told, and what was on the stage stays. */
  async open(file: File): Promise<void> {
    try {
      if (file.size > MOST_BYTES)
        throw { message: say`${file.name} is too large to be a lesson, a scenario or a program.`, scenario: null };
      const opened = { name: file.name, text: await file.text() };
      if (/\.(asm|s|nasm)$/i.test(file.name)) this.controller.open({ source: opened.text, step: 0 });
      else await this.show(opened, opened, NOWHERE);
    } catch (error) {
      if (!isLinkError(error)) throw error;
      this.store.setState({ refused: [error.message, ...(error.details ?? [])].join('\n') });
    }
  }

  private async show(file: PackedFile, from: NonNullable<Lesson['from']>, at: Place): Promise<void> {
    if (!/^\s*\{/.test(file.text)) {
      const { readLesson } = await import('./lesson-opening.ts');
      await this.turnTo({ ...readLesson(file), from }, at.page ?? 1, {});
      return;
    }
    const { readScenario, targetOfFile } = await import('./scenario-opening.ts');
    const opened = readScenario(file);
    const { lesson } = opened;
    const elsewhere = { ...(at.step !== null && { step: at.step }), ...(at.exit !== null && { exit: at.exit }) };
    if (lesson) await this.turnTo({ ...lesson, from }, at.page ?? 1, elsewhere);
    else this.controller.openFile(targetOfFile(opened, at));
    this.controller.setPredicting(opened.file.predict === 'on' || opened.file.predict === 'always');
  }

  private async turnTo(lesson: Lesson, page: number, at: { readonly step?: number; readonly exit?: number }): Promise<void> {
    const { lessonAt } = await import('./lesson-opening.ts');
    const open = this.store.getState().lesson;
    if (open && JSON.stringify(open.lesson) === JSON.stringify(lesson) && open.page === page - 1) return;
    lessonAt(lesson, lesson.title, page);
    this.store.setState({ linkError: null });
    this.controller.openLesson(lesson, page - 1, at);
  }
}

const isLinkError = (error: unknown): error is LinkError =>
  typeof error === 'object' && error !== null && 'message' in error && 'scenario' in error;
