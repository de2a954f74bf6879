/** A lesson: one idea, seen to happen, in pages. Each page stands at a place of a run, and may ask what happens there. */
import type { Claim, Examination } from '../session/claims.ts';
import type { OpenOptions } from '../session/session.ts';
import type { EventPlace, Paging, QuestionWish, SourceEdit, Typed, Vmm } from '../session/views.ts';

/** Stretches of a line of text. */
export type Inline =
  | { readonly kind: 'text' | 'emphasis' | 'strong' | 'code'; readonly text: string }
  | { readonly kind: 'link'; readonly text: string; readonly to: string }
  /** A word of the glossary, explained in place. */
  | { readonly kind: 'term'; readonly text: string; readonly term: string };

export type Block =
  | { readonly kind: 'paragraph'; readonly text: readonly Inline[] }
  | { readonly kind: 'list'; readonly items: readonly (readonly Inline[])[] }
  | { readonly kind: 'listing'; readonly text: string };

/** Something that must hold where the page stands, or one step later: `ring: m`, `after exit: CR_ACCESS`. Tests evaluate all of them. */
export interface PageClaim extends Claim {
  readonly after: boolean;
  /** In the lesson's text. */
  readonly line: number;
}

/** Lines of a source of src/guest that are replaced. */
export interface Change {
  readonly path: string;
  readonly old: string;
  readonly new: string;
}

/** What the reader is to write, and what it must do. */
export interface Exercise extends Examination {
  readonly id: string;
  readonly title: string;
  /** The source of src/guest that the reader completes; null for a program of their own. */
  readonly path: string | null;
  /** The machine that this source is a part of; of a program, the technique alone. */
  readonly scenario: string | undefined;
  readonly vmm: Vmm | undefined;
  readonly paging: Paging | undefined;
  readonly vms: number | undefined;
  /** What to write, where to begin. */
  readonly blocks: readonly Block[];
  /** The source to begin with. */
  readonly source: string;
}

/** Steps after which a machine that still runs is taken at its word, where its author does not say. */
export const PATIENCE = 4_000_000;

/** The machine that an exercise is with a reader's text, as it is opened. */
export function exerciseMachine({ path, scenario, vmm, paging, vms }: Exercise, text: string): OpenOptions {
  return { ...(path === null ? { source: text } : { scenario, changes: { [path]: text } }), vmm, paging, vms };
}

export interface Page {
  readonly title: string;
  /** Null stays where the page before ended; `start` is power-on. */
  readonly place: EventPlace | 'start' | null;
  readonly blocks: readonly Block[];
  /** Asks this before the step is taken. */
  readonly predict: QuestionWish | null;
  readonly claims: readonly PageClaim[];
  /** What the reader changes here; place, question and claims are those of the changed machine. */
  readonly change: Change | null;
  /** Name of the exercise that this page sets. */
  readonly build: string | null;
}

export interface Lesson {
  readonly id: string;
  readonly title: string;
  /** The part of the gallery. */
  readonly part: string;
  /** The one thing. */
  readonly one: string;
  readonly scenario: string;
  readonly vmm: Vmm | undefined;
  readonly paging: Paging | undefined;
  readonly vms: number | undefined;
  readonly cpu?: string;
  readonly costs?: string;
  /** The lesson's own program, in place of a scenario. */
  readonly source?: string;
  readonly edits?: readonly SourceEdit[];
  readonly inputs?: readonly Typed[];
  /** The file that it was read from, beside the page or whole; a lesson of the catalogue has none. */
  readonly from?: { readonly path: string } | { readonly name: string; readonly text: string };
  /** Exercises that no catalogue has. */
  readonly exercises?: readonly Exercise[];
  /** What the reader can do afterwards. */
  readonly goals: readonly string[];
  /** The notional machine, named. */
  readonly machine: string;
  readonly pages: readonly Page[];
}

/** The language that lessons and exercises of the catalogue are written in; of another's text it is not known. */
export const CATALOGUE = 'en';

export const lessonLanguage = ({ from }: Lesson): string | undefined => (from ? undefined : CATALOGUE);

/** The machine that a lesson speaks of, as it is opened. */
export function lessonMachine({ source, scenario, vmm, paging, vms, cpu, costs, edits, inputs }: Lesson): OpenOptions {
  return { ...(source === undefined ? { scenario } : { source }), vmm, paging, vms, cpu, costs, edits, inputs };
}

/** What is wrong in a lesson's text, and where. */
export class LessonError extends Error {
  readonly line: number;
  constructor(line: number, message: string) {
    super(`line ${line}: ${message}`);
    this.line = line;
  }
}
