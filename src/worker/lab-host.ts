/** The lab's side of the protocol: rows as they are found, in slices. It needs no session. */
import { type LabPart, LabRun } from '../session/lab.ts';
import type { Answer, LabRequest } from './protocol.ts';

export interface LabHost {
  receive(request: LabRequest): void;
  /** Works until a time; true while more is due. */
  slice(until: number): boolean;
}

export function createLabHost(post: (answer: Answer) => void, now: () => number): LabHost {
  let run: LabRun | null = null;
  let work: { readonly id: number; readonly parts: Generator<LabPart> } | null = null;
  return {
    receive(request) {
      run ??= new LabRun();
      if (request.type === 'lab') work = { id: request.id, parts: run.parts(request.row) };
      else post({ type: 'lab-program', id: request.id, program: run.program(request.row, request.evidence) });
    },
    slice(until) {
      if (work === null) return false;
      const found: LabPart[] = [];
      let done = false;
      do {
        const next = work.parts.next();
        if (next.done === true) done = true;
        else found.push(next.value);
      } while (!done && now() < until);
      post({
        type: 'lab',
        id: work.id,
        rows: found.flatMap(({ rows }) => rows),
        verdicts: found.flatMap(({ verdicts }) => verdicts),
        done,
      });
      if (done) work = null;
      return !done;
    },
  };
}
