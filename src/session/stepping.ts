/** Steps as long as what they do: over what is called, or out of what was. */
import { peekBytes } from '../cpu/peek.ts';
import { RIGHTS_DB } from '../cpu/registers.ts';
import { at } from '../cpu/state.ts';
import { decode } from '../isa/decode.ts';
import { Insn } from '../isa/insn.ts';
import { say } from '../lib/say.ts';
import type { Session } from './session.ts';

/** Steps between two looks at whether to go on. */
const STRIDE = 4096;
const LONGEST_INSTRUCTION = 15;
const RETURNS = /^(RET|IRET|SYSEXIT|VMRESUME|VMLAUNCH|VMRUN)/;

/** Who runs, and how deep its stack is. */
interface Depth {
  readonly place: number;
  readonly vm: number;
  readonly linear: number;
  readonly esp: number;
}

function depthOf({ machine, log }: Session): Depth {
  const { s, place } = machine.cpu;
  return { place, vm: log.runningVm(), linear: (s[at.csBase] + s[at.eip]) >>> 0, esp: s[at.esp] >>> 0 };
}

const isSame = (a: Depth, b: Depth): boolean => a.place === b.place && a.vm === b.vm;

/** The instruction at hand, and its length; no mnemonic where it cannot be read. */
function instructionAt({ machine, log }: Session, linear: number): { readonly mnemonic: string; readonly length: number } {
  const { cpu } = machine;
  const insn = new Insn();
  const bytes = peekBytes(cpu, linear, LONGEST_INSTRUCTION, (address) => log.physicalAt(address));
  const is32 = (cpu.s[at.csRights] & RIGHTS_DB) !== 0;
  if (bytes.length === 0 || !decode(insn, bytes, 0, bytes.length, is32)) return { mnemonic: '', length: 0 };
  return { mnemonic: insn.row.mnemonic, length: insn.length };
}

/** Runs step by step until it is there; where it never is, the machine stands at its end and says so. */
function* until(session: Session, arrived: () => boolean): Generator<number, void> {
  const { n } = session;
  for (let left = STRIDE; !session.ended && !arrived(); left--) {
    session.run(session.n + 1);
    if (left > 0) continue;
    left = STRIDE;
    yield session.n;
  }
  session.seek(session.n);
  if (session.ended && session.n > n) session.said = { n: session.n, sentence: say`The run ended before it came back here.` };
}

/** One step; where it calls, or another ring takes over, on to where whoever runs now goes on behind it. */
export function* over(session: Session): Generator<number, void> {
  const before = depthOf(session);
  const { mnemonic, length } = instructionAt(session, before.linear);
  const behind = (before.linear + length) >>> 0;
  session.step();
  const after = depthOf(session);
  const isCall = mnemonic === 'CALL';
  if (!isCall && (after.linear === behind || (isSame(before, after) && after.esp >= before.esp))) return;
  yield* until(session, () => {
    const now = depthOf(session);
    // What is called may switch VMX on, which is another place for the same code.
    const isHere = isCall ? now.linear === behind && now.vm === before.vm : isSame(before, now);
    return isHere && now.esp >= before.esp;
  });
}

/** On to behind the return from what runs now: of a call, of a handler to the ring that it came from, of the monitor to its guest. */
export function* out(session: Session): Generator<number, void> {
  const first = depthOf(session);
  let last = first;
  let returns = false;
  yield* until(session, () => {
    const now = depthOf(session);
    if (returns && (!isSame(first, now) || now.esp > last.esp)) return true;
    last = now;
    returns = isSame(first, now) && now.esp >= first.esp && RETURNS.test(instructionAt(session, now.linear).mnemonic);
    return false;
  });
}
