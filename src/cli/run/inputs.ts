/** Recorded inputs, one JSON object a line. */

import { Refused } from '../../session/refused.ts';
import type { Input } from '../../session/session.ts';
import type { CliIo } from '../io.ts';

const isCount = (value: unknown): value is number => typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;

/** @param keyboards consoles that can be typed at */
export function recordedInputs(path: string, keyboards: number, io: CliIo): readonly Input[] {
  const bytes = io.readFile(path);
  if (bytes === undefined) throw new Refused(`${path}: no such file`);
  const inputs = new TextDecoder()
    .decode(bytes)
    .split('\n')
    .flatMap((line, k) => (line.trim() === '' ? [] : [{ where: `${path}:${k + 1}`, input: parsed(line) }]));
  return inputs.map(({ where, input }) => {
    if (input === null) throw new Refused(`${where}: expected {"n":STEP,"console":NUMBER,"byte":0 to 255}`);
    if (input.console >= keyboards)
      throw new Refused(`${where}: there is no console ${input.console}: the last that can be typed at is ${keyboards - 1}`);
    return input;
  });
}

function parsed(line: string): Input | null {
  try {
    const { n, console, byte } = JSON.parse(line) as Record<string, unknown>;
    return isCount(n) && isCount(console) && isCount(byte) && byte < 256 ? { n, console, byte } : null;
  } catch {
    return null;
  }
}
