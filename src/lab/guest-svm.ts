/** The same machine as a guest of AMD-V: AMD64 manual vol 2, chapter 15. */
import type { Cpu } from '../cpu/cpu.ts';
import { flags, setFlags } from '../cpu/flags.ts';
import { FLAGS_FIXED, IF } from '../cpu/registers.ts';
import { at, segmentAt, TR } from '../cpu/state.ts';
import { EFER_SVME } from '../cpu/virt/svm/capabilities.ts';
import { type FieldKey, offsetOf, slot } from '../cpu/virt/svm/fields.ts';
import { saveGuestRegisters, saveState, vmsave } from '../cpu/virt/svm/state-save.ts';
import { V_INTR_MASKING } from '../cpu/virt/svm/vmcb.ts';
import { becomeHost } from './guest-vmx.ts';
import type { Symbols } from './states.ts';

/** Exceptions that instructions raise by being executed: #DB of INT1, #BP, #OF. */
const TRAPS = (1 << 1) | (1 << 3) | (1 << 4);
/* Intercepts of offset 0Ch: INTR 0, NMI 1, SMI 2, INIT 3, then virtual interrupts, and from bit 5 on instructions and other events. */
const INTR = 1 << 0;
const NOT_INSTRUCTIONS = (1 << 1) | (1 << 2) | (1 << 3) | (1 << 4);
/** VMRUN must be intercepted. */
const VMRUN = 1 << 0;

/** Makes the state that the processor is in that of a guest, and the processor its monitor, in front of VMRUN. */
export function becomeSvmGuest(cpu: Cpu, symbol: Symbols, all: boolean): void {
  const { s } = cpu;
  const block = symbol('vmcs_a') >>> 2;
  const words = cpu.memory.dwords;
  const ones = symbol('vmcs_b');
  for (const page of [symbol('vmcs_a'), symbol('vmcs_b'), symbol('vmcs_c'), symbol('hsave')]) cpu.memory.touch(page >>> 12);
  words.fill(0, block, block + 1024);
  words.fill(all ? -1 : 0, ones >>> 2, (ones >>> 2) + 2048);
  s[at.efer] |= EFER_SVME;
  saveState(cpu, block);
  saveGuestRegisters(cpu, block);
  vmsave(cpu, block);
  const set = (key: FieldKey, value: number): void => {
    words[block + slot[key]] = value;
  };
  set('rflags', flags(cpu));
  cpu.memory.bytes[symbol('vmcs_a') + offsetOf.cpl] = s[at.cpl];
  set('interceptCrRead', all ? -1 : 0);
  set('interceptDrRead', all ? -1 : 0);
  set('interceptException', all ? TRAPS : 0);
  set('interceptMisc1', INTR | (all ? ~NOT_INSTRUCTIONS : IO_AND_MSRS));
  set('interceptMisc2', all ? -1 : VMRUN);
  set('iopmBasePa', ones);
  set('msrpmBasePa', ones);
  set('guestAsid', 1);
  set('gPat', 0x00070406);
  // With it the guest's IF masks its own interrupts only; the monitor's IF, below, those of the board (15.21.1).
  set('vintr', V_INTR_MASKING);
  // What VMLOAD has loaded before: FS, GS, LDTR, TR and the MSRs of SYSENTER are the guest's already.
  const kept = [s.slice(at.fsSelector, segmentAt(TR) + 4), s.slice(at.sysenterCs, at.sysenterEip + 1)] as const;
  becomeHost(cpu, symbol);
  s.set(kept[0], at.fsSelector);
  s.set(kept[1], at.sysenterCs);
  setFlags(cpu, FLAGS_FIXED | IF);
  s[at.vmxOn] = 1;
  s[at.hsavePa] = symbol('hsave');
  s[at.gif] = 1;
  s[at.eax] = symbol('vmcs_a');
  s[at.eip] = symbol('host_svm');
}

/** By the permission maps, which let all through. */
const IO_AND_MSRS = (1 << 27) | (1 << 28);
