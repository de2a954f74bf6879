/** Guests of AMD-V: random states under random intercepts, whose monitor skips, reflects, injects or begins anew. */
import type { Cpu } from '../../src/cpu/cpu.ts';
import { flags, setFlags } from '../../src/cpu/flags.ts';
import { loadPdptes } from '../../src/cpu/pdptes.ts';
import { type Profile, processorProfile } from '../../src/cpu/profiles.ts';
import * as bit from '../../src/cpu/registers.ts';
import { run } from '../../src/cpu/run.ts';
import { FLAT_CODE, FLAT_DATA, setSegment } from '../../src/cpu/segments.ts';
import { at, LDTR, TR } from '../../src/cpu/state.ts';
import { EFER_SVME } from '../../src/cpu/virt/svm/capabilities.ts';
import { CODE } from '../../src/cpu/virt/svm/exit-codes.ts';
import { type FieldKey, offsetOf, slot } from '../../src/cpu/virt/svm/fields.ts';
import { saveGuestRegisters, saveState, vmsave } from '../../src/cpu/virt/svm/state-save.ts';
import type { Random } from '../support/random.ts';
import { type Ground, hasSpoiledPointers } from './guests.ts';
import * as place from './layout.ts';
import type { SoakBus } from './soak-bus.ts';
import { type Mode, scramble } from './states.ts';

const PROFILES: readonly Profile[] = ['orleans', 'phenom'].map(processorProfile);

const HOST_CR0 = bit.CR0_PG | bit.CR0_NE | bit.CR0_ET | bit.CR0_PE;
const VMCB = place.VMCB >>> 2;
const VMRUN = [0x0f, 0x01, 0xd8];
/** VMRUN always, and SKINIT, which there is not. */
const INTERCEPT_ALWAYS = (1 << 0) | (1 << 6);
const VALID = 1 << 31;

const set = (cpu: Cpu, key: FieldKey, low: number, high = 0): void => cpu.memory.dwords.set([low, high], VMCB + slot[key]);
const get = (cpu: Cpu, key: FieldKey): number => cpu.memory.dwords[VMCB + slot[key]];
const set32 = (cpu: Cpu, key: FieldKey, value: number): void => {
  cpu.memory.dwords[VMCB + slot[key]] = value;
};

function writeControls(cpu: Cpu, random: Random, mode: Mode): void {
  const rare = (): number => random.dword() & random.dword() & random.dword();
  set32(cpu, 'interceptCrRead', rare());
  set32(cpu, 'interceptDrRead', rare());
  set32(cpu, 'interceptException', rare());
  set32(cpu, 'interceptMisc1', rare());
  set32(cpu, 'interceptMisc2', rare() | INTERCEPT_ALWAYS);
  set(cpu, 'iopmBasePa', place.IOPM);
  set(cpu, 'msrpmBasePa', place.MSRPM);
  set(cpu, 'tscOffset', random.dword(), random.dword());
  set32(cpu, 'guestAsid', 1 + random.below(63));
  cpu.memory.bytes[place.VMCB + offsetOf.tlbControl] = random.oneIn(8) ? 1 : 0;
  const pending = random.oneIn(8) ? (1 << 8) | (random.below(16) << 16) | (random.oneIn(2) ? 1 << 20 : 0) : 0;
  set(cpu, 'vintr', pending | random.below(16) | (random.oneIn(3) ? 1 << 24 : 0), random.below(256));
  set(cpu, 'interruptShadow', random.oneIn(16) ? 1 : 0);
  set(cpu, 'eventInj', 0);
  const nested = random.oneIn(2);
  set(cpu, 'npControl', nested ? 1 : 0);
  set(cpu, 'nCr3', mode.paging === 'pae' ? place.POINTERS_PAE : place.DIRECTORY);
  set(cpu, 'gPat', 0x00070406, 0x00070406);
}

function becomeHost(cpu: Cpu, mode: Mode): void {
  const { s } = cpu;
  s[at.cr0] = HOST_CR0;
  s[at.cr4] = mode.paging === 'pae' ? bit.CR4_PAE : bit.CR4_PSE;
  s[at.cr3] = mode.paging === 'pae' ? place.HOST_POINTERS : place.HOST_DIRECTORY;
  s[at.efer] = EFER_SVME;
  s[at.vmxOn] = 1;
  s[at.hsavePa] = place.HSAVE;
  s[at.gif] = 1;
  s[at.interruptibility] = 0;
  setFlags(cpu, bit.FLAGS_FIXED);
  setSegment(cpu, 1, 0x08, 0, -1, FLAT_CODE);
  for (const segment of [0, 2, 3, 4, 5]) setSegment(cpu, segment, 0x10, 0, -1, FLAT_DATA);
  setSegment(cpu, LDTR, 0, 0, 0, bit.RIGHTS_UNUSABLE);
  setSegment(cpu, TR, 0x18, 0, 0x67, 0x8b);
  s[at.cpl] = 0;
  cpu.translation.setCpl(0);
  if (mode.paging === 'pae') loadPdptes(cpu, s[at.cr3]);
}

function begin(cpu: Cpu, random: Random, mode: Mode): void {
  const { s } = cpu;
  const { bytes, dwords } = cpu.memory;
  scramble(cpu, random, mode);
  s[at.efer] |= EFER_SVME;
  const touched = [place.VMCB, place.HOST_CODE, place.HOST_DIRECTORY, place.HSAVE, place.IOPM, place.IOPM + 0x1000, place.MSRPM];
  for (const page of touched) cpu.memory.touch(page >>> 12);
  dwords.fill(0, VMCB, VMCB + 1024);
  place.fillHostDirectory(dwords);
  saveState(cpu, VMCB);
  saveGuestRegisters(cpu, VMCB);
  vmsave(cpu, VMCB);
  set(cpu, 'rflags', flags(cpu));
  bytes[place.VMCB + offsetOf.cpl] = s[at.cpl];
  writeControls(cpu, random, mode);
  for (let k = 0; k < 24; k++) dwords[(place.IOPM >>> 2) + random.below(2048)] = random.dword();
  for (let k = 0; k < 64; k++) dwords[(place.MSRPM >>> 2) + random.below(1024)] = random.dword();
  bytes.set(VMRUN, place.HOST_CODE);
  const nmi = s[at.nmiPending];
  const [fsToTr, hidden] = [s.slice(at.fsSelector, at.trRights + 1), s.slice(at.sysenterCs, at.sysenterEip + 1)];
  becomeHost(cpu, mode);
  s.set(fsToTr, at.fsSelector);
  s.set(hidden, at.sysenterCs);
  s[at.nmiPending] = nmi;
}

/** Executes one VMRUN, behind a CLGI as monitors have it: what is pending is the guest's. Returns why the guest was not entered, or empty. */
function enter(cpu: Cpu): string {
  const { s } = cpu;
  const bus = cpu.bus as SoakBus;
  bus.refusal = '';
  bus.stopped = false;
  s[at.eip] = place.HOST_CODE;
  s[at.eax] = place.VMCB;
  s[at.gif] = 0;
  run(cpu, cpu.steps + 1);
  return bus.refusal;
}

const INJECTED = [0x306, 0xb0d, 0xb0e, 0x200, 0x420, 0x303, 0x020, 0x300];
const LENGTHS: ReadonlyMap<number, number> = new Map<number, number>([
  [CODE.PUSHF, 1],
  [CODE.POPF, 1],
  [CODE.IRET, 1],
  [CODE.HLT, 1],
  [CODE.ICEBP, 1],
  [CODE.SWINT, 2],
]);

/** True when what it changed may be refused. */
function play(cpu: Cpu, random: Random, mode: Mode): boolean {
  const code = get(cpu, 'exitCode');
  switch (random.below(8)) {
    case 0:
      begin(cpu, random, mode);
      return true;
    case 1:
      set(cpu, 'eventInj', random.pick(INJECTED) | VALID, random.dword() & 0xffff);
      return false;
    case 2:
      set(cpu, 'rip', 0x100 + random.below(0xf000));
      return false;
    case 3:
      writeControls(cpu, random, mode);
      return false;
    default:
  }
  if (code >= CODE.EXCEPTION && code < CODE.INTR) {
    const vector = code - CODE.EXCEPTION;
    set32(cpu, 'interceptException', get(cpu, 'interceptException') & ~(1 << vector));
    if (vector !== 2 && !random.oneIn(4)) set(cpu, 'eventInj', 0x300 | vector | VALID, get(cpu, 'exitInfo1'));
  } else if (code === CODE.IOIO) set(cpu, 'rip', get(cpu, 'exitInfo2'));
  else if (code === CODE.SHUTDOWN || code === CODE.NPF) begin(cpu, random, mode);
  else if (code >= 0 && code !== CODE.INTR && code !== CODE.NMI && code !== CODE.VINTR)
    set(cpu, 'rip', get(cpu, 'rip') + (LENGTHS.get(code) ?? 2 + random.below(2)));
  else set32(cpu, 'interceptMisc1', get(cpu, 'interceptMisc1') & ~0x13);
  return false;
}

export const SVM_GROUND: Ground = {
  profiles: () => PROFILES,
  begin(cpu, random, mode) {
    begin(cpu, random, mode);
    enter(cpu);
  },
  resume(cpu, random, mode) {
    if (cpu.s[at.activity] === bit.SHUTDOWN) return null;
    const changed = play(cpu, random, mode);
    const refused = enter(cpu);
    return refused !== '' && !changed && !(mode.paging === 'pae' && hasSpoiledPointers(cpu, get(cpu, 'cr3'))) ? refused : '';
  },
};
