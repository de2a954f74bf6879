/** Steps as long as what they do: over what is called, or out of what was. */
import { at } from '../cpu/state.ts';
import { say } from '../lib/say.ts';
import { standpoint } from '../trace/recent.ts';
import type { Session } from './session.ts';
import { decoded } from './view/stream.ts';

/** Steps between two looks at whether to go on. */
const STRIDE = 4096;
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

const atHand = ({ machine, log }: Session) => decoded(standpoint(machine, log));

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
  const insn = atHand(session);
  const behind = (before.linear + (insn?.length ?? 0)) >>> 0;
  session.step();
  const after = depthOf(session);
  const isCall = insn?.row.mnemonic === 'CALL';
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
    returns = isSame(first, now) && now.esp >= first.esp && RETURNS.test(atHand(session)?.row.mnemonic ?? '');
    return false;
  });
}
