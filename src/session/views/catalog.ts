/** What can be opened, and its sources. */
import type { PortedSource } from './port.ts';
import type { Paging, Vmm } from './who.ts';

export interface Technique {
  readonly id: Vmm;
  /** `Bare metal`, `VT-x`, `AMD-V` */
  readonly title: string;
  /** Those it can be opened with; the first is its own. Empty where there is no choice. */
  readonly pagings: readonly Paging[];
}

export interface ScenarioView {
  readonly id: string;
  readonly title: string;
  readonly summary: string;
  readonly techniques: readonly Technique[];
  /** The technique it opens with, and how many virtual machines there are under one that has a monitor. */
  readonly vmm: Vmm;
  readonly vms: number;
}

export interface SourceFile {
  /** In src/guest: `first-exit/monitor.inc`. */
  readonly path: string;
  readonly text: string;
  /** The image it belongs to: `first-exit/first-exit.asm`. */
  readonly image: string;
  /** Of a ported kernel: how it differs from the one that was not. */
  readonly port?: PortedSource;
}

export interface SourceError {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
  /** The shortest fix; may be empty. */
  readonly hint: string;
}
