/** The VT-x image of the peers, by `rm1 run`: one exit, entry failure or instruction error a line, as Bochs's processors printed them. */
import { expect, test } from 'vitest';
import { ABSENT, peerLines, peersAreHere, printed } from './support/peers.ts';

/** Tests of the monitor trap flag, which the peer's processors lack. */
const OURS_ALONE = /^D MTF:/;
const TRAP_FLAG = ['D MTF: nop: reason=37 qual=00000000 len=0 eip=+1', 'D MTF: inject ext int 0x20: reason=37 qual=00000000 len=0 eip=gh'];

const YONAH: typeof DIFFERENT = [
  [/^msr 0480 /, 'IA32_VMX_BASIC bit 55: the TRUE capability MSRs came with Nehalem'],
  [/^. r0 inv(ept|vpid):/, 'INVEPT and INVVPID came with Nehalem'],
];
const NEHALEM: typeof DIFFERENT = [
  [/^msr 0489 /, 'CR4_FIXED1 is what CR4 accepts here: no SMXE'],
  [/^msr 048[234] /, 'without what needs Intel 64, two monitors of SMM or IA32_PERF_GLOBAL_CTRL; with a monitor trap flag'],
  [/^msr 0485 /, 'the rate of a real preemption timer; IA32_EFER.LMA is not stored'],
];

/** What the image printed on each of the peer's processors, and how many lines. */
const LOGS = [
  { processor: 'yonah', file: 'vmx.core_duo_t2400_yonah.txt', lines: 529, alone: [], more: YONAH },
  { processor: 'lynnfield', file: 'vmx.corei5_lynnfield_750.txt', lines: 533, alone: TRAP_FLAG, more: NEHALEM },
] as const;

/** Lines of the peer that we differ from on purpose, by their beginning. */
const DIFFERENT: readonly (readonly [RegExp, string])[] = [
  [/^cpuid1 /, 'CPUID shows only what the simulator has'],
  [/^msr 048a /, 'IA32_VMX_VMCS_ENUM is the highest index in use'],
  [/^F debugctl reserved:/, 'SDM vol 3, 26.3.1.1: reserved bits of IA32_DEBUGCTL are checked'],
  [/^. v86 int 0x51 iopl0:/, 'INT n that IOPL refuses is not being delivered: no IDT-vectoring information'],
  [/^D ext int exiting, IRQ0 pending, guest IF=0:/, 'SDM vol 3, 25.2: external-interrupt exiting does not look at IF'],
  [/^D (after NMI injection, interruptibility written 0|int window: entry in HLT state)/, 'the field was written 0: NMIs are not blocked'],
];

const INSTRUCTION_EXITS = new Set([9, 10, 12, 13, 14, 15, 16, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 36, 39, 40]);
const OPERAND_EXITS = new Set([19, 21, 22, 23, 25, 27]);
const RF = 0x10000;

/**
 * Leaves out what the manual leaves undefined: the instruction length but of instructions, instruction information but of operands and string
 * I/O. The peer saves RF = 0 for an exception that exits, against SDM vol 3, 27.3.3.
 */
function normalized(line: string): string {
  const reason = Number(/reason=(\d+)/.exec(line)?.[1] ?? -1);
  const info = Number.parseInt(/intr=(\w+)/.exec(line)?.[1] ?? '0', 16);
  const software = (info & 0x400) !== 0 || /idtvec=80000[456]/.test(line);
  const stringIo = reason === 30 && (Number.parseInt(/qual=(\w+)/.exec(line)?.[1] ?? '0', 16) & 0x10) !== 0;
  let result = line;
  if (!INSTRUCTION_EXITS.has(reason) && !software) result = result.replace(/ len=\d+/, '');
  if (!OPERAND_EXITS.has(reason) && !stringIo) result = result.replace(/ ii=\w+/, '');
  if (reason === 0) result = result.replace(/ fl=(\w+)/, (_, fl) => ` fl=${(Number.parseInt(fl, 16) & ~RF).toString(16)}`);
  return result;
}

const listed = (line: string, list: readonly (readonly [RegExp, string])[]): boolean => list.some(([pattern]) => pattern.test(line));

test.skipIf(!peersAreHere).each(LOGS)(
  peersAreHere ? 'vmx.bin prints as a $processor what the peer printed' : ABSENT,
  { timeout: 120_000 },
  ({ processor, file, lines, alone, more }) => {
    const exempt = [...DIFFERENT, ...more];
    const all = printed('vmx.bin', ['--cpu', processor]);
    const ours = all.filter((line) => !OURS_ALONE.test(line));
    expect(all.filter((line) => OURS_ALONE.test(line)).map((line) => line.slice(0, line.indexOf(' intr')))).toEqual(alone);
    const peer = peerLines(file);
    const differences = peer.flatMap((line, i) => {
      const wanted = normalized(line);
      const found = normalized(ours[i] ?? '');
      return wanted === found || listed(line, exempt) ? [] : [`wanted ${wanted}\nfound  ${found}`];
    });
    expect(differences).toEqual([]);
    const alike = (pattern: RegExp): boolean => peer.every((line, i) => !pattern.test(line) || normalized(line) === normalized(ours[i]));
    expect(exempt.filter(([pattern]) => peer.some((line) => pattern.test(line)) && alike(pattern))).toEqual([]);
    expect(ours.at(-1)).toBe('END');
    expect(peer.length).toBe(lines);
  },
);
