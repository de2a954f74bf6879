/** The lab's side of the protocol: what is found, as it is found, in slices. It needs no session. */
import { type CostsProgress, costsParts } from '../session/costs/view.ts';
import { type LabPart, LabRun } from '../session/lab.ts';
import type { Answer, LabRequest } from './protocol.ts';

export interface LabHost {
  receive(request: LabRequest): void;
  /** Works until a time; true while more is due. */
  slice(until: number): boolean;
}

type Work =
  | { readonly kind: 'rows'; readonly id: number; readonly parts: Generator<LabPart> }
  | { readonly kind: 'costs'; readonly id: number; readonly parts: Generator<CostsProgress> };

export function createLabHost(post: (answer: Answer) => void, now: () => number): LabHost {
  let run: LabRun | null = null;
  let work: Work | null = null;

  const rows = (id: number, parts: Generator<LabPart>, until: number): boolean => {
    const found: LabPart[] = [];
    let done = false;
    do {
      const next = parts.next();
      if (next.done === true) done = true;
      else found.push(next.value);
    } while (!done && now() < until);
    post({ type: 'lab', id, rows: found.flatMap((part) => part.rows), verdicts: found.flatMap(({ verdicts }) => verdicts), done });
    return done;
  };

  /** One technique takes seconds, so each is told before it is measured. */
  const costs = (id: number, parts: Generator<CostsProgress>): boolean => {
    const next = parts.next();
    if (next.done !== true) post({ type: 'costs', id, progress: next.value });
    return next.done === true;
  };

  return {
    receive(request) {
      if (request.type === 'costs') {
        work = { kind: 'costs', id: request.id, parts: costsParts(request.profile) };
        return;
      }
      run ??= new LabRun();
      if (request.type === 'lab') work = { kind: 'rows', id: request.id, parts: run.parts(request.row) };
      else post({ type: 'lab-program', id: request.id, program: run.program(request.row, request.evidence) });
    },
    slice(until) {
      if (work === null) return false;
      const done = work.kind === 'costs' ? costs(work.id, work.parts) : rows(work.id, work.parts, until);
      if (done) work = null;
      return !done;
    },
  };
}
