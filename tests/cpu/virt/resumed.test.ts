/** Everything that VT-x knows of a guest lies in the arena and in memory: a processor that is given both goes on alike. */
import { expect, test } from 'vitest';
import { run } from '../../../src/cpu/run.ts';
import { deriveSegments } from '../../../src/cpu/segments.ts';
import { at } from '../../../src/cpu/state.ts';
import { Guest } from './guest.ts';
import { EVERYTHING, type Fields, HOST_CODE } from './root-operation.ts';

const PRIMARY = 0x0401e172 | (1 << 31);
const APIC_PAGE = 0x170000;
const LOOP = `
again:
  inc eax
  pause
  mov ebx, [${APIC_PAGE + 0x80}]
  inc byte [${APIC_PAGE + 0x80}]
  int 60h
  cmp eax, 200
  jb again
`;

const CASES: readonly (readonly [string, Fields])[] = [
  ['preemption timer', { pinControls: 0x56, preemptionTimer: 60 }],
  ['TPR threshold', { tprThreshold: 0 }],
  ['PAUSE loop', { secondaryControls: 1 | (1 << 10), pauseLoopGap: 10_000, pauseLoopWindow: 3000 }],
  ['virtual NMIs', { pinControls: 0x16 | 0x28, guestInterruptibility: 8 }],
  ['monitor trap flag', { primaryControls: PRIMARY | (1 << 21) | (1 << 27) }],
];

function guestOf(fields: Fields): Guest {
  const guest = new Guest(
    LOOP,
    {
      primaryControls: PRIMARY | (1 << 21),
      secondaryControls: 1,
      apicAccessAddress: APIC_PAGE,
      virtualApicAddress: 0x171000,
      ...fields,
    },
    EVERYTHING,
  ).tables([0xcf]);
  guest.cpu.memory.bytes[HOST_CODE] = 0xf4;
  return guest;
}

const STEPS = 1500;

test.each(CASES)('%s', (_, fields) => {
  const whole = guestOf(fields);
  whole.enter();
  run(whole.cpu, STEPS);
  for (const cut of [1, 2, 7, 100, 333, 700]) {
    const first = guestOf(fields);
    first.enter();
    run(first.cpu, cut);
    const second = guestOf(fields);
    second.cpu.b.set(first.cpu.b);
    second.cpu.memory.bytes.set(first.cpu.memory.bytes);
    second.cpu.blocks.dropAll(second.cpu);
    second.cpu.translation.renew();
    deriveSegments(second.cpu);
    run(second.cpu, STEPS);
    const canonical = ({ cpu }: Guest): number[] => [
      ...cpu.s.subarray(0, at.lazyResult),
      ...cpu.f.subarray(-3),
      cpu.memory.dwords[0x102000 >>> 2],
    ];
    expect([cut, canonical(second)]).toEqual([cut, canonical(whole)]);
    expect(second.read('exitReason')).toBe(whole.read('exitReason'));
  }
});
