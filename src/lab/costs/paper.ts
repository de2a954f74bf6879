/**
 * What Adams and Agesen measured on a Pentium 4 672: A Comparison of Software and Hardware Techniques for x86 Virtualization, ASPLOS 2006. Their
 * figures are known here at second hand, from the paper's explanations as others quote them; the figure they belong to was not seen.
 */
import { worded } from '../../lib/say.ts';

/** `quoted`: two or more copies of the explanation agree. `remembered`: nobody could check it here. */
export type PaperStatus = 'quoted' | 'remembered';

export interface PaperFigure {
  readonly cycles: number;
  readonly status: PaperStatus;
  /** Where it is no plain number of the paper's; marked by `worded`. */
  readonly note?: string;
}

/** By load, then by way of running it: `none` the bare machine, `translate` the software monitor, `vtx-traced` the hardware monitor. */
export type PaperWay = 'none' | 'translate' | 'vtx-traced';

const quoted = (cycles: number, note?: string): PaperFigure => ({ cycles, status: 'quoted', ...(note !== undefined && { note }) });
const remembered = (cycles: number, note?: string): PaperFigure => ({ cycles, status: 'remembered', ...(note !== undefined && { note }) });

export const PAPER: Readonly<Record<string, Readonly<Record<PaperWay, PaperFigure>>>> = {
  syscall: { none: remembered(242), translate: remembered(2308), 'vtx-traced': remembered(242, worded('no exit: as native')) },
  in: { none: quoted(3209), translate: remembered(200, worded('about 15 times faster than native')), 'vtx-traced': quoted(15826) },
  cr0wr: {
    none: quoted(140, worded('their cr8wr: four times the 35 of the software monitor')),
    translate: quoted(35, worded('their cr8wr')),
    'vtx-traced': quoted(140, worded('their cr8wr: near native, no exit')),
  },
  callret: { none: quoted(11), translate: quoted(51), 'vtx-traced': quoted(11) },
  pgfault: { none: quoted(1093), translate: quoted(3927), 'vtx-traced': quoted(11242) },
  divzero: { none: quoted(889), translate: quoted(3223), 'vtx-traced': quoted(1014) },
  ptemod: { none: quoted(1), translate: quoted(391), 'vtx-traced': quoted(12733) },
};
