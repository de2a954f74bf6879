/** Why a bit matters now: what it does to the step at hand, or to the next of its kind. */
import * as bit from '../../cpu/registers.ts';
import { say } from '../../lib/say.ts';
import type { SystemState } from './system-state.ts';

/** What lies outside of the registers, and decides what a bit does. */
export interface Surroundings {
  /** Who asks for an interrupt that has not come: `timer`. Empty: nobody. */
  readonly waiting: string;
  /** External interrupts leave this guest whatever IF is. */
  readonly interruptsExit: boolean;
  /** The guest's idea of the registers, and not the processor's. */
  readonly guest: boolean;
}

type Now = (state: SystemState, around: Surroundings) => string;

const flag =
  (mask: number) =>
  ({ eflags }: SystemState): boolean =>
    (eflags & mask) !== 0;
const cr0 =
  (mask: number) =>
  (state: SystemState): boolean =>
    (state.cr0 & mask) !== 0;
const cr4 =
  (mask: number) =>
  (state: SystemState): boolean =>
    (state.cr4 & mask) !== 0;

const isProtected = cr0(bit.CR0_PE);
const isPaged = cr0(bit.CR0_PG);
const takesInterrupts = flag(bit.IF);
const ioplOf = ({ eflags }: SystemState): number => (eflags & bit.IOPL) >>> bit.IOPL_SHIFT;

function interrupts(state: SystemState, { waiting, interruptsExit, guest }: Surroundings): string {
  if (interruptsExit && !guest) return say`External interrupts leave the guest whatever IF is: the processor gives them to the monitor.`;
  if (takesInterrupts(state))
    return waiting === ''
      ? say`IF = 1: an interrupt is taken between two instructions.`
      : say`IF = 1: the interrupt that waits (${waiting}) comes as soon as nothing else holds it back.`;
  return waiting === '' ? say`IF = 0: an interrupt would wait.` : say`IF = 0: an interrupt waits (${waiting}).`;
}

function ioPrivilege(state: SystemState): string {
  const iopl = ioplOf(state);
  const { cpl } = state;
  if (!isProtected(state)) return say`Real mode: CLI and the ports are open to all.`;
  return cpl > iopl
    ? say`CPL ${cpl} > IOPL ${iopl}: CLI and STI fault, and so does a port that the TSS’s bitmap does not open.`
    : say`CPL ${cpl} ≤ IOPL ${iopl}: CLI, STI and the ports are allowed.`;
}

const writeProtect: Now = (state) =>
  !isPaged(state)
    ? say`There are no pages: WP does nothing.`
    : (state.cr0 & bit.CR0_WP) !== 0
      ? say`WP = 1: ring 0, too, faults where it writes to a read-only page.`
      : say`WP = 0: rings 0 to 2 write through read-only pages.`;

const alignment: Now = (state) =>
  cr0(bit.CR0_AM)(state) && flag(bit.AC)(state) ? say`AM and AC are 1: in ring 3 an access that is not aligned raises #AC.` : '';

const when =
  (holds: (state: SystemState) => boolean, yes: () => string, no: () => string = () => ''): Now =>
  (state) =>
    holds(state) ? yes() : no();

/** By register and bit. Where there is none, the bit's name says it all. */
export const NOW: Readonly<Record<string, Now>> = {
  'EFLAGS.IF': interrupts,
  'EFLAGS.IOPL': ioPrivilege,
  'EFLAGS.TF': when(flag(bit.TF), () => say`TF = 1: #DB follows the next instruction.`),
  'EFLAGS.NT': when(flag(bit.NT), () => say`NT = 1: IRET goes back to the task that the TSS’s link names.`),
  'EFLAGS.VM': when(flag(bit.VM), () => say`VM = 1: this is virtual-8086 mode; a selector is a paragraph, and CPL is 3.`),
  'EFLAGS.DF': when(flag(bit.DF), () => say`DF = 1: string instructions go down.`),
  'EFLAGS.RF': when(flag(bit.RF), () => say`RF = 1: instruction breakpoints pass over the next instruction.`),
  'EFLAGS.AC': alignment,
  'EFLAGS.VIP': when(flag(bit.VIP), () => say`VIP = 1: with VME or PVI, STI in ring 3 raises #GP, since an interrupt waits.`),
  'CR0.PE': when(
    isProtected,
    () => say`PE = 1: selectors name descriptors, and privileges are checked.`,
    () => say`PE = 0: real mode; a selector times 16 is the base, and nothing is checked.`,
  ),
  'CR0.PG': when(
    isPaged,
    () => say`PG = 1: each linear address is translated by the tables at CR3.`,
    () => say`PG = 0: a linear address is the physical one.`,
  ),
  'CR0.WP': writeProtect,
  'CR0.TS': when(
    cr0(bit.CR0_TS),
    () => say`TS = 1: the next instruction of the FPU raises #NM, so that its registers can be switched late.`,
  ),
  'CR0.EM': when(cr0(bit.CR0_EM), () => say`EM = 1: every instruction of the FPU raises #NM.`),
  'CR0.NE': when(
    cr0(bit.CR0_NE),
    () => say`NE = 1: errors of the FPU raise #MF.`,
    () => say`NE = 0: errors of the FPU come as IRQ 13.`,
  ),
  'CR0.CD': when(cr0(bit.CR0_CD), () => say`CD = 1: nothing new is cached. The simulator has no caches.`),
  'CR4.TSD': when(cr4(bit.CR4_TSD), () => say`TSD = 1: RDTSC faults outside of ring 0.`),
  'CR4.PSE': when(cr4(bit.CR4_PSE), () => say`PSE = 1: a directory entry with PS maps 4 MiB by itself.`),
  'CR4.PAE': when(cr4(bit.CR4_PAE), () => say`PAE = 1: table entries have 8 bytes, and a walk has three levels.`),
  'CR4.PGE': when(cr4(bit.CR4_PGE), () => say`PGE = 1: what a global entry gave stays in the TLB when CR3 is loaded.`),
  'CR4.PCE': when(cr4(bit.CR4_PCE), () => say`PCE = 1: RDPMC works in ring 3.`),
  'CR4.DE': when(cr4(bit.CR4_DE), () => say`DE = 1: DR4 and DR5 raise #UD.`),
  'CR4.VME': when(cr4(bit.CR4_VME), () => say`VME = 1: in virtual-8086 mode CLI and STI act on VIF.`),
  'CR4.PVI': when(cr4(bit.CR4_PVI), () => say`PVI = 1: in ring 3 CLI and STI act on VIF.`),
  'CR4.VMXE': when(cr4(bit.CR4_VMXE), () => say`VMXE = 1: VMXON is allowed, and in VMX operation the bit stays.`),
  'DR6.BS': when(
    ({ debug }) => ((debug?.[0] ?? 0) & (1 << 14)) !== 0,
    () => say`The last #DB was a single step.`,
  ),
};
