import { type OpenOptions, Session } from '../../../src/session/session.ts';
import type { ExitRecord, StageView } from '../../../src/session/views.ts';

/** A session that stands where its scenario opens. */
export function opened(options: OpenOptions): Session {
  const session = Session.open(options);
  for (const _ of session.opening());
  return session;
}

/** A session whose run is known to its end, back at the start. */
export function explored(options: OpenOptions): Session {
  const session = Session.open(options);
  session.run(Number.POSITIVE_INFINITY);
  session.seek(0);
  return session;
}

export function lastExit(view: StageView): ExitRecord {
  const exit = view.exits.latest.at(-1);
  if (exit === undefined) throw new Error('there was no VM exit yet');
  return exit;
}

/** `reg: was -> is` of what changed, EIP aside. */
export const changes = (view: StageView): readonly string[] =>
  view.registers
    .filter(({ name, changed }) => changed && name !== 'EIP')
    .map(({ name, previous, value }) => `${name}: ${previous.toString(16)} -> ${value.toString(16)}`);

/** A machine of each kind in which the processor goes from place to place. */
export const MOVING = [
  ['two-kernels', 'vtx'],
  ['two-kernels', 'trap'],
  ['two-kernels', 'none'],
  ['ring-minus-one-twice', 'vtx-vtx'],
] as const;
