import type { Messages } from '../lib/say.ts';
import type { Checked, Examination } from '../session/claims.ts';
import type { CostsProgress } from '../session/costs/view.ts';
import type { LabRowView, LabVerdictView } from '../session/lab.ts';
import type { ReadyImage } from '../session/ready-image.ts';
import type {
  EventPlace,
  Paging,
  PartRequest,
  QuestionWish,
  Ring,
  ScenarioView,
  Setup,
  SourceEdit,
  SourceError,
  SourceFile,
  StageView,
  StaysView,
  Typed,
  Vmm,
  WalkWish,
  Why,
} from '../session/views.ts';

/** Steps a second above which frames leave out what a reader could not follow, and what would take long to find is not asked for. */
export const FAST = 30;

/** What the page asks of the machine. One request is answered by one frame or failure, except `run`, which streams frames until `pause`. */
export type Request =
  /** Power on: a scenario of the catalogue, or the text of an assembly source. `step` is run to before the first frame. */
  | {
      readonly type: 'open';
      readonly id: number;
      readonly scenario?: string;
      readonly source?: string;
      readonly edits?: readonly SourceEdit[];
      readonly inputs?: readonly Typed[];
      readonly cpu?: string;
      readonly costs?: string;
      readonly changes?: Readonly<Record<string, string>>;
      readonly vmm?: Vmm;
      readonly paging?: Paging;
      readonly vms?: number;
      readonly step?: number;
      readonly exit?: number;
      readonly place?: EventPlace;
      /** The first frame brings this question. */
      readonly asks?: QuestionWish;
      /**
       * Go to where the guest of the machine that runs now stands: the same scenario under another technique. That machine stays until the place is
       * found, and whatever is asked for meanwhile gives the search up.
       */
      readonly keep?: boolean;
      readonly hash?: boolean;
    }
  /** The language to speak from now on, null for English; answered by `ready` once more. */
  | { readonly type: 'speak'; readonly id: number; readonly messages: Messages | null }
  /** Images for openings to come, by their path in src/guest; the only request without an answer. */
  | { readonly type: 'images'; readonly id: number; readonly images: Readonly<Record<string, ReadyImage>> }
  | { readonly type: 'step'; readonly id: number; readonly count: number }
  | { readonly type: 'back'; readonly id: number; readonly count: number }
  | { readonly type: 'seek'; readonly id: number; readonly n: number; readonly asks?: QuestionWish }
  | { readonly type: 'place'; readonly id: number; readonly place: EventPlace; readonly asks?: QuestionWish }
  /** Whether frames bring questions, wherever one is worth it. */
  | { readonly type: 'asks'; readonly id: number; readonly on: boolean }
  /** For what the processor compared at this step. */
  | { readonly type: 'why'; readonly id: number }
  /** To the place of each check; answered by `checked`, then by a frame. */
  | { readonly type: 'check'; readonly id: number; readonly examination: Examination }
  /** To the next (or, with back, the previous) VM exit; on bare metal the next interrupt or fault. */
  | { readonly type: 'exit'; readonly id: number; readonly back?: boolean }
  /** A stop before the instruction at which the processor stands at step `n`; or behind writes to memory. */
  | { readonly type: 'stop-at'; readonly id: number; readonly n: number }
  | { readonly type: 'stop-write'; readonly id: number; readonly address: number; readonly size: number; readonly physical: boolean }
  /** A stop before the instruction of a line of a source; with once, on to the next arrival there. */
  | { readonly type: 'stop-line'; readonly id: number; readonly path: string; readonly line: number; readonly once: boolean }
  | { readonly type: 'remove-stop'; readonly id: number; readonly stop: number }
  /** On to the next stop, or to the next arrival at the instruction of step `n`; with back, to the last stop. */
  | { readonly type: 'to-stop'; readonly id: number; readonly back?: boolean; readonly n?: number; readonly way?: 'over' | 'out' }
  /** `speed` in steps a second; Infinity for full speed. */
  | { readonly type: 'run'; readonly id: number; readonly speed: number }
  | { readonly type: 'pause'; readonly id: number }
  /** The timeline's window, in cycles; null follows the cursor. */
  | { readonly type: 'window'; readonly id: number; readonly from: number | null; readonly to: number | null }
  /** Views of other steps, for pictures; the machine comes back to where it stands. */
  | { readonly type: 'views'; readonly id: number; readonly steps: readonly number[] }
  /** Views of places, in their order, for a print-out; null is where the one before was. The machine comes back to where it stands. */
  | { readonly type: 'sheet'; readonly id: number; readonly places: readonly SheetPlace[] }
  /** Whether frames bring the VMCS or VMCB. */
  | { readonly type: 'block'; readonly id: number; readonly shown: boolean }
  /** Which tables, devices or bytes frames bring; null: none. */
  | { readonly type: 'part'; readonly id: number; readonly request: PartRequest | null }
  /** Which address frames follow through the tables. */
  | { readonly type: 'follow'; readonly id: number; readonly wish: WalkWish }
  /** For what the run so far says of a place of the ring diagram; not answered by a machine that runs fast. */
  | { readonly type: 'stays'; readonly id: number; readonly vm: number; readonly ring: Ring }
  /** The step of an exit that frames bring in full; null: only the latest. */
  | { readonly type: 'detail'; readonly id: number; readonly n: number | null }
  /** For the sources of the images that are loaded. */
  | { readonly type: 'sources'; readonly id: number }
  | { readonly type: 'input'; readonly id: number; readonly console: number; readonly bytes: readonly number[] }
  | LabRequest;

/** A place of a sheet, and the question that its view is to bring. */
export interface SheetPlace {
  readonly place: EventPlace | 'start' | null;
  readonly asks: QuestionWish | null;
}

/** Of the lab, whatever is open: all that it finds, or one row again; an experiment as a program. */
export type LabRequest =
  | { readonly type: 'lab'; readonly id: number; readonly row?: string }
  | { readonly type: 'lab-program'; readonly id: number; readonly row: string; readonly evidence: number }
  /** The techniques side by side, in the cycles of a cost profile. */
  | { readonly type: 'costs'; readonly id: number; readonly profile: string };

export type Answer =
  | { readonly type: 'ready'; readonly scenarios: readonly ScenarioView[] }
  | { readonly type: 'progress'; readonly id: number; readonly text: string; readonly done: number; readonly total: number }
  | {
      readonly type: 'frame';
      readonly id: number;
      readonly view: StageView;
      readonly running: boolean;
      readonly scenario: string;
      readonly vmm: Vmm;
      readonly vms: number;
      readonly setup: Setup;
    }
  /** A step that this run does not have is answered with the nearest there is. */
  | { readonly type: 'views'; readonly id: number; readonly views: readonly StageView[] }
  | { readonly type: 'sources'; readonly id: number; readonly files: readonly SourceFile[] }
  | { readonly type: 'why'; readonly id: number; readonly n: number; readonly why: Why | null }
  | { readonly type: 'stays'; readonly id: number; readonly stays: StaysView }
  | { readonly type: 'checked'; readonly id: number; readonly results: readonly Checked[] }
  /** What was found since the answer before. */
  | {
      readonly type: 'lab';
      readonly id: number;
      readonly rows: readonly LabRowView[];
      readonly verdicts: readonly LabVerdictView[];
      readonly done: boolean;
    }
  | { readonly type: 'costs'; readonly id: number; readonly progress: CostsProgress }
  | { readonly type: 'lab-program'; readonly id: number; readonly program: { readonly source: string; readonly step: number } | null }
  /** Bad input: the last good machine stays. */
  | { readonly type: 'source-error'; readonly id: number; readonly errors: readonly SourceError[] }
  | { readonly type: 'refused'; readonly id: number; readonly message: string }
  /** The simulator itself failed. */
  | { readonly type: 'died'; readonly message: string; readonly n: number };

/** How the page reaches the machine, whichever rung of the ladder it stands on. */
export interface Client {
  readonly rung: 'url-worker' | 'blob-worker' | 'main-thread';
  send(request: Request): void;
  onAnswer(listener: (answer: Answer) => void): () => void;
  close(): void;
}

/** What the machine needs of its surroundings: what a worker's global scope has, and what a page can stand in for. */
export interface MachineScope {
  postMessage(answer: Answer): void;
  addEventListener(type: 'message', listener: (event: { readonly data: Request }) => void): void;
  setTimeout(callback: () => void, milliseconds: number): unknown;
}
