import { useEffect, useRef, useState } from 'react';
import type { LabRowView, LabVerdictView } from '../../../session/lab.ts';
import type { Answer, Client } from '../../../worker/protocol.ts';

export interface LabState {
  readonly rows: readonly LabRowView[];
  readonly verdicts: readonly LabVerdictView[];
  readonly done: boolean;
  readonly failed: string;
}

type Program = NonNullable<Extract<Answer, { type: 'lab-program' }>['program']>;

const NOTHING: LabState = { rows: [], verdicts: [], done: false, failed: '' };

/** Answers about one row run again have this number, so that they are told apart. */
const ALL = 1;
const AGAIN = 2;

/** Runs the lab in a worker of its own, beside the machine on the stage. */
export function useLab(connect: () => Client): LabState & {
  again(row: string): void;
  program(row: string, evidence: number): Promise<Program | null>;
} {
  const [state, setState] = useState(NOTHING);
  const client = useRef<Client | null>(null);
  const waiting = useRef(new Map<number, (program: Program | null) => void>());
  const next = useRef(AGAIN);
  useEffect(() => {
    const lab = connect();
    client.current = lab;
    lab.onAnswer((answer) => {
      if (answer.type === 'lab' && answer.id === ALL)
        setState((old) => ({
          ...old,
          rows: [...old.rows, ...answer.rows],
          verdicts: [...old.verdicts, ...answer.verdicts],
          done: answer.done,
        }));
      else if (answer.type === 'lab')
        setState((old) => ({ ...old, rows: old.rows.map((row) => answer.rows.find(({ id }) => id === row.id) ?? row) }));
      else if (answer.type === 'lab-program') waiting.current.get(answer.id)?.(answer.program);
      else if (answer.type === 'died' || answer.type === 'refused') setState((old) => ({ ...old, failed: answer.message }));
    });
    lab.send({ type: 'lab', id: ALL });
    return () => lab.close();
  }, [connect]);
  return {
    ...state,
    again: (row) => client.current?.send({ type: 'lab', id: ++next.current, row }),
    program: (row, evidence) =>
      new Promise((resolve) => {
        const id = ++next.current;
        waiting.current.set(id, resolve);
        client.current?.send({ type: 'lab-program', id, row, evidence });
      }),
  };
}
