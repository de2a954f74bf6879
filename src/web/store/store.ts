import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Numbers } from '../../figures/numbers.ts';
import type { Lesson } from '../../lessons/lesson.ts';
import type { Language } from '../../messages/languages.ts';
import type {
  PartRequest,
  QuestionView,
  Ring,
  ScenarioView,
  Setup,
  SourceError,
  SourceFile,
  Space,
  StageView,
  StaysView,
  Technique,
  Why,
} from '../../session/views.ts';
import type { LinkError, Theme } from '../app/link.ts';
import type { OpenExercise } from './writing.ts';

/** The latest answer of the machine. */
export interface Frame {
  readonly view: StageView;
  readonly running: boolean;
  readonly scenario: string;
  /** The program that was opened in place of a scenario. */
  readonly source: string | null;
  readonly vmm: Technique['id'];
  readonly vms: number;
  /** How many were asked for, when that was not left to the scenario. */
  readonly chosenVms: number | null;
  readonly setup: Setup;
}

/** How the newest frame came about: decides what moves, and how long. */
export type Pace = 'step' | 'held' | 'leap' | 'fast';

/** Kinds of movement, by what the processor did. */
export type Motion = 'none' | 'held' | 'glide' | 'cross' | 'exit' | 'entry';

/** What kind of movement leads from one ring to another at a pace. */
export function motionFor(pace: Pace, from: Ring | null, to: Ring | null): Motion {
  if (pace === 'fast' || pace === 'leap' || from === null || to === null) return 'none';
  if (pace === 'held') return 'held';
  if (from === to) return 'glide';
  if (to === 'm') return 'exit';
  return from === 'm' ? 'entry' : 'cross';
}

/** Panels whose part of the view comes only while they are shown. */
export type Part = PartRequest['part'];

/** Tabs of the narrow layouts. */
export type Tab = 'exits' | 'state' | 'block' | 'walk' | 'consoles' | 'timeline' | Part;

/** What can be shown to a room. */
export type Presented = 'rings' | 'stream' | Tab;

/** Whose changes an opened machine has: `here` are those that were made in this very window, before its page was loaded anew. */
export type Bringer = 'link' | 'file' | 'here';

/** Where memory is looked at. */
export interface MemoryAt {
  readonly space: Space;
  readonly address: number;
}

/** A lesson that is open, and its page, from 0. */
export interface OpenLesson {
  readonly lesson: Lesson;
  readonly page: number;
}

/** A question that was answered by stepping; `chosen` is null for who only looked. */
export interface Outcome {
  readonly question: QuestionView;
  readonly chosen: string | null;
}

/** What the page shows and what the reader chose; the truth stays with the machine. */
export interface StageState {
  readonly phase: 'starting' | 'opening' | 'ready';
  readonly scenarios: readonly ScenarioView[];
  /** The scenario that was asked for last. */
  readonly asked: string;
  readonly frame: Frame | null;
  readonly pace: Pace;
  readonly motion: Motion;
  readonly progress: { readonly text: string; readonly done: number; readonly total: number } | null;
  readonly sourceErrors: readonly SourceError[];
  readonly refused: string;
  readonly died: { readonly message: string; readonly n: number } | null;
  readonly linkError: LinkError | null;
  readonly notice: string;

  /** The sources of what runs, while they are open. */
  readonly sources: readonly SourceFile[] | null;
  /** Texts as the reader has left them, by path. */
  readonly drafts: Readonly<Record<string, string>>;
  /** The texts of those that were changed on this page. */
  readonly changes: Readonly<Record<string, string>>;
  /** What the machine's link or file brought of changes and typed keys; null once another machine is opened. */
  readonly linked: (Pick<Setup, 'edits' | 'inputs'> & { readonly by: Bringer }) | null;

  readonly lesson: OpenLesson | null;
  readonly exercise: OpenExercise | null;
  /** The answer to the last Why?, and the step that it is about. */
  readonly why: { readonly n: number; readonly why: Why | null } | null;
  /** Words of the lessons, explained; empty until a lesson is open. */
  readonly glossary: Readonly<Record<string, string>>;
  /** Ask before every step that is worth a question. */
  readonly predicting: boolean;
  /** What comes is hidden until it is answered or passed over. */
  readonly asking: QuestionView | null;
  readonly chosen: string | null;
  readonly outcome: Outcome | null;

  readonly theme: Theme;
  readonly language: Language;
  /** How the registers' values are written. */
  readonly numbers: Numbers;
  /** By how much everything is larger. */
  readonly scale: number;
  /** Everything larger, for a room; `black` for a moment. */
  readonly presenting: 'shown' | 'black' | null;
  /** The two panels that a room sees. */
  readonly presented: readonly [Presented, Presented];
  /** Steps a second; Infinity is as fast as it goes. */
  readonly speed: number;
  /** The step behind the event that is selected in all panels; without one the newest exit is shown in detail. */
  readonly selected: number | null;
  /** Of the one that is pointed at. */
  readonly hovered: number | null;
  /** What is known of the place of the rings that was asked for last. */
  readonly stays: StaysView | null;
  /** Codes in the order in which their rows stand. */
  readonly exitOrder: readonly number[];
  readonly tab: Tab;
  /** Where there is room for one of them below the exits. */
  readonly below: 'processor' | 'block' | 'walk' | Part;
  /** Null: nowhere yet, and so where the next instruction is. */
  readonly memoryAt: MemoryAt | null;
  /** Tables and registers are the guest's own, where there are such. */
  readonly guestTables: boolean;
  readonly moreRegisters: boolean;
  /** Registers of the instruction that is pointed at, lower case; null while none is. */
  readonly pointed: readonly string[] | null;
  /** Where the run is to stop, as a list beside the instructions. */
  readonly stopsShown: boolean;
  /** Single keys act, where no field wants them. */
  readonly keysOn: boolean;
  /** They are listed. */
  readonly keysShown: boolean;
}

export type StageStore = StoreApi<StageState>;

/** A store in the state before anything has answered. */
export function createStageStore(initial: Partial<StageState> = {}): StageStore {
  return createStore<StageState>(() => ({
    phase: 'starting',
    scenarios: [],
    asked: '',
    frame: null,
    pace: 'leap',
    motion: 'none',
    progress: null,
    sourceErrors: [],
    refused: '',
    died: null,
    linkError: null,
    notice: '',
    sources: null,
    drafts: {},
    changes: {},
    linked: null,
    lesson: null,
    exercise: null,
    why: null,
    glossary: {},
    predicting: false,
    asking: null,
    chosen: null,
    outcome: null,
    theme: 'auto',
    language: 'en',
    numbers: 'hex',
    scale: 1,
    presenting: null,
    presented: ['rings', 'stream'],
    speed: 4,
    selected: null,
    hovered: null,
    stays: null,
    exitOrder: [],
    tab: 'exits',
    below: 'processor',
    memoryAt: null,
    guestTables: false,
    moreRegisters: false,
    pointed: null,
    stopsShown: false,
    keysOn: true,
    keysShown: false,
    ...initial,
  }));
}

/** Rows in the order the reader last saw, new reasons at the end: rows do not jump while the machine runs. */
export function keepOrder(order: readonly number[], counts: StageView['exits']['counts']): readonly number[] {
  const known = new Set(order);
  const added = counts.filter((c) => !known.has(c.code)).map((c) => c.code);
  return added.length === 0 ? order : [...order, ...added];
}

/** Rows by count, most first. */
export function sortedOrder(counts: StageView['exits']['counts']): readonly number[] {
  return [...counts].sort((a, b) => b.count - a.count || a.code - b.code).map((c) => c.code);
}
