/** The state-save area, of a VMCB and of the host save area alike: AMD64 manual vol 2, 15.5.1 and 15.6. */
import { CS, DS, ES, FS, GS, SS } from '../../../isa/insn.ts';
import { dr6Value, dr7Value } from '../../breakpoints.ts';
import type { Cpu } from '../../cpu.ts';
import { flags, setFlags } from '../../flags.ts';
import { driveError } from '../../fpu.ts';
import { CR0_DEFINED, CR0_ET, FLAGS_FIXED, RF, RIGHTS_P, RIGHTS_UNUSABLE } from '../../registers.ts';
import { setSegment } from '../../segments.ts';
import { at, BASE, LDTR, LIMIT, RIGHTS, segmentAt, TR } from '../../state.ts';
import { slot } from './fields.ts';

/*
 * Attributes of a segment register in a VMCB (descriptor bits 55:52 and 47:40). P = 0: a segment that must not be used.
 *
 *   11  10   9   8   7  6   5  4  3    0
 *   [G][D/B][L][AVL][P][ DPL ][S][ type ]
 */
const attributesOf = (rights: number): number =>
  (rights & RIGHTS_UNUSABLE) !== 0 ? rights & 0x7f : (rights & 0xff) | ((rights >>> 4) & 0xf00);
/** A VMCB's attributes of a segment as a VMCS holds them. */
export const rightsOf = (attributes: number): number =>
  (attributes & 0xff) | ((attributes & 0xf00) << 4) | ((attributes & RIGHTS_P) !== 0 ? 0 : RIGHTS_UNUSABLE);

/** What VMRUN and #VMEXIT switch. */
const SWITCHED = [
  [ES, slot.es],
  [CS, slot.cs],
  [SS, slot.ss],
  [DS, slot.ds],
] as const;
/** What VMLOAD and VMSAVE move. */
const MOVED = [
  [FS, slot.fs],
  [GS, slot.gs],
  [LDTR, slot.ldtr],
  [TR, slot.tr],
] as const;

type Segments = readonly (readonly [number, number])[];

function saveSegments(cpu: Cpu, area: number, segments: Segments): void {
  const { s } = cpu;
  const m = cpu.memory.dwords;
  for (const [segment, place] of segments) {
    const from = segmentAt(segment);
    const to = area + place;
    m[to] = s[from] | (attributesOf(s[from + RIGHTS]) << 16);
    m[to + 1] = s[from + LIMIT];
    setWide(m, to + 2, s[from + BASE]);
  }
}

function loadSegments(cpu: Cpu, area: number, segments: Segments): void {
  const m = cpu.memory.dwords;
  for (const [segment, place] of segments) {
    const from = area + place;
    setSegment(cpu, segment, m[from], m[from + 2], m[from + 1], rightsOf(m[from] >>> 16));
  }
}

/** A field of 64 bits of which this processor has 32. */
function setWide(m: Int32Array, index: number, value: number): void {
  m[index] = value;
  m[index + 1] = 0;
}

/** Saves what #VMEXIT saves of a guest, and VMRUN of the host, but for CR2, DR6, DR7 and CPL. */
export function saveState(cpu: Cpu, area: number): void {
  const { s } = cpu;
  const m = cpu.memory.dwords;
  saveSegments(cpu, area, SWITCHED);
  m[area + slot.gdtr + 1] = s[at.gdtrLimit] & 0xffff;
  setWide(m, area + slot.gdtr + 2, s[at.gdtrBase]);
  m[area + slot.idtr + 1] = s[at.idtrLimit] & 0xffff;
  setWide(m, area + slot.idtr + 2, s[at.idtrBase]);
  setWide(m, area + slot.efer, s[at.efer]);
  setWide(m, area + slot.cr4, s[at.cr4]);
  setWide(m, area + slot.cr3, s[at.cr3]);
  setWide(m, area + slot.cr0, s[at.cr0]);
  setWide(m, area + slot.rflags, flags(cpu) & ~RF);
  setWide(m, area + slot.rip, s[at.eip]);
  setWide(m, area + slot.rsp, s[at.esp]);
  setWide(m, area + slot.rax, s[at.eax]);
}

/** Also CR2, DR6, DR7: of guests only. */
export function saveGuestRegisters(cpu: Cpu, area: number): void {
  const { s } = cpu;
  const m = cpu.memory.dwords;
  setWide(m, area + slot.cr2, s[at.cr2]);
  setWide(m, area + slot.dr6, s[at.dr6]);
  setWide(m, area + slot.dr7, s[at.dr7]);
}

const FLAGS_DEFINED = 0x003f7fd7;

export function loadState(cpu: Cpu, area: number): void {
  const { s } = cpu;
  const m = cpu.memory.dwords;
  s[at.efer] = m[area + slot.efer];
  s[at.cr0] = (m[area + slot.cr0] & CR0_DEFINED) | CR0_ET;
  s[at.cr3] = m[area + slot.cr3];
  s[at.cr4] = m[area + slot.cr4];
  loadSegments(cpu, area, SWITCHED);
  s[at.gdtrLimit] = m[area + slot.gdtr + 1] & 0xffff;
  s[at.gdtrBase] = m[area + slot.gdtr + 2];
  s[at.idtrLimit] = m[area + slot.idtr + 1] & 0xffff;
  s[at.idtrBase] = m[area + slot.idtr + 2];
  s[at.eip] = m[area + slot.rip];
  s[at.esp] = m[area + slot.rsp];
  s[at.eax] = m[area + slot.rax];
  driveError(cpu);
  setFlags(cpu, (m[area + slot.rflags] & FLAGS_DEFINED) | FLAGS_FIXED);
}

export function loadGuestRegisters(cpu: Cpu, area: number): void {
  const { s } = cpu;
  const m = cpu.memory.dwords;
  s[at.cr2] = m[area + slot.cr2];
  s[at.dr6] = dr6Value(m[area + slot.dr6]);
  s[at.dr7] = dr7Value(m[area + slot.dr7]);
}

/** VMSAVE; the MSRs of 64-bit processors do not exist here, and their fields are left alone. */
export function vmsave(cpu: Cpu, area: number): void {
  const { s } = cpu;
  const m = cpu.memory.dwords;
  saveSegments(cpu, area, MOVED);
  setWide(m, area + slot.sysenterCs, s[at.sysenterCs]);
  setWide(m, area + slot.sysenterEsp, s[at.sysenterEsp]);
  setWide(m, area + slot.sysenterEip, s[at.sysenterEip]);
}

/** VMLOAD. */
export function vmload(cpu: Cpu, area: number): void {
  const { s } = cpu;
  const m = cpu.memory.dwords;
  loadSegments(cpu, area, MOVED);
  s[at.sysenterCs] = m[area + slot.sysenterCs];
  s[at.sysenterEsp] = m[area + slot.sysenterEsp];
  s[at.sysenterEip] = m[area + slot.sysenterEip];
}
