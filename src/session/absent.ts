/**
 * In the place of what no embed asks for, in a machine for embeds: to keep one's place under another technique, the port beside its original,
 * the checks of exercises, changes of sources, why, questions, the parts that are looked at, and the memory that a step uses.
 */
import { say } from '../lib/say.ts';
import { Refused } from './refused.ts';

/** No step has a why. */
export const askable = (): number => -1;
export const why = (): null => null;

/** No panel of an embed looks at them. */
export const partView = (): null => null;
/** Nothing is asked. */
export const ask = (): null => null;

/** The instruction's address is followed. */
export const follow = <T>(_stage: unknown, _here: unknown, [fetch]: readonly [T, ...(readonly T[])]): T => fetch;
export const withAccesses = <T>(_stage: unknown, _here: unknown, run: () => T): { readonly result: T; readonly accesses: readonly [] } => ({
  result: run(),
  accesses: [],
});

/** No source has been ported. */
export const portOf = (): ReadonlyMap<string, unknown> => new Map();

/** There is the usual cost profile only. */
export function chosenCosts(): never {
  throw new Refused(say`This machine is for embeds, and does not do that.`);
}

/** Sources cannot be changed where nothing assembles them. */
export const editsOf = (): readonly [] => [];
export const applied = (): Readonly<Record<string, string>> => ({});

function* refused(): Generator<number, never> {
  yield 0;
  throw new Refused(say`This machine is for embeds, and does not do that.`);
}

export { refused as check, refused as keepPlace };

export const aboutVmcs = (): string => '';
export const aboutVmcb = aboutVmcs;
