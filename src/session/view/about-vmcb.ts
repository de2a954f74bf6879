/** What each field of a VMCB is for: AMD64 manual vol 2, chapter 15. */
import type { FieldKey } from '../../cpu/virt/svm/fields.ts';
import { say, told, worded } from '../../lib/say.ts';

const ABOUT: Readonly<Partial<Record<FieldKey, string>>> = {
  interceptCrRead: worded('a bit for each control register: 1 exits where the guest reads it'),
  interceptCrWrite: worded('a bit for each control register: 1 exits where the guest writes it'),
  interceptDrRead: worded('a bit for each debug register: 1 exits where the guest reads it'),
  interceptDrWrite: worded('a bit for each debug register: 1 exits where the guest writes it'),
  interceptException: worded('a bit for each exception’s vector: 1 exits'),
  interceptMisc1: worded('which instructions and events exit'),
  interceptMisc2: worded('which instructions of SVM exit, VMRUN always among them'),
  iopmBasePa: worded('a bit for each port: 1 exits'),
  msrpmBasePa: worded('two bits for each MSR, for reads and for writes: 1 exits'),
  tscOffset: worded('is added to what the guest’s RDTSC reads'),
  guestAsid: worded('marks this guest’s entries in the TLB; 0 is the host’s own'),
  tlbControl: worded('what VMRUN does to the TLB'),
  vintr: worded('an interrupt for the guest alone, and whether the guest’s IF masks the real ones'),
  interruptShadow: worded('the guest is behind STI or MOV SS: no interrupt yet'),
  exitCode: worded('why the guest was left'),
  exitInfo1: worded('what EXITCODE leaves open: the port, the error code'),
  exitInfo2: worded('what EXITCODE leaves open: the address'),
  exitIntInfo: worded('an event that was being delivered when the exit came: the monitor delivers it again'),
  npControl: worded('whether the guest’s addresses are translated a second time'),
  eventInj: worded('the event that VMRUN delivers to the guest'),
  nCr3: worded('where the nested tables begin'),
  nRip: worded('behind the instruction that exited, on processors that say so'),
  cpl: worded('the ring that the guest runs in'),
  efer: worded('the guest’s MSR of this name; SVME must be 1 in it'),
  cr4: worded('CR4 as it is while the guest runs'),
  cr3: worded('the guest’s page directory'),
  cr0: worded('CR0 as it is while the guest runs'),
  cr2: worded('where the guest’s last page fault was'),
  dr7: worded('the guest’s breakpoints'),
  dr6: worded('which of them were met'),
  rflags: worded('the guest’s flags'),
  rip: worded('where the guest goes on'),
  rsp: worded('the guest’s stack pointer'),
  rax: worded('the guest’s RAX: VMRUN uses the real one itself'),
  sysenterCs: worded('where the guest’s SYSENTER leads: the segment; VMLOAD and VMSAVE take it, VMRUN does not'),
  sysenterEsp: worded('where the guest’s SYSENTER leads: the stack; VMLOAD and VMSAVE take it, VMRUN does not'),
  sysenterEip: worded('where the guest’s SYSENTER leads: the instruction; VMLOAD and VMSAVE take it, VMRUN does not'),
  gPat: worded('the guest’s MSR PAT, with nested paging'),
};

/* Saved and loaded by VMLOAD and VMSAVE alone: AMD64 manual vol 2, 15.5.2. */
const BY_VMLOAD: ReadonlySet<FieldKey> = new Set<FieldKey>(['fs', 'gs', 'ldtr', 'tr']);

/** What a field is for, in a few words. */
export function aboutVmcb(key: FieldKey): string {
  const known = ABOUT[key];
  if (known !== undefined) return told(known);
  const name = key.toUpperCase();
  if (/^[GI]DTR$/.test(name)) return say`where the table begins, and its last byte`;
  return BY_VMLOAD.has(key)
    ? say`the selector in ${name}, and its hidden part; VMLOAD and VMSAVE take it, VMRUN does not`
    : say`the selector in ${name}, and its hidden part`;
}
