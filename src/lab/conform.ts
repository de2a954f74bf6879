/** Files of vectors, one instruction each, held against the simulated processor. */
import { processorProfile } from '../cpu/profiles.ts';
import { SiliconBench, type SiliconHeader, type SiliconVector } from './conform-silicon.ts';

export interface Mismatch {
  readonly id: string;
  readonly text: string;
  readonly differences: readonly string[];
}

export interface ConformResult {
  readonly family: string;
  /** The processor of the vectors, and the simulated one. */
  readonly measured: string;
  readonly simulated: string;
  readonly passed: number;
  readonly failed: number;
  /** Vectors that need what the simulator does not have, by what that is. */
  readonly missing: ReadonlyMap<string, number>;
  /** The first few mismatches in full. */
  readonly mismatches: readonly Mismatch[];
}

/** The file is not what it should be; the message is complete but for the file's name. */
export class VectorError extends Error {
  override readonly name = 'VectorError';
}

const SHOWN = 5;

/** Checks a file's text: a header line, then a vector a line. `profile` names the processor, for IA-32 vectors by default a Core Duo. */
export function conform(text: string, profile = 'yonah'): ConformResult {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const parse = (line: string, number: number): unknown => {
    try {
      return JSON.parse(line);
    } catch {
      throw new VectorError(`line ${number}: expected a JSON object`);
    }
  };
  if (lines.length === 0) throw new VectorError('the file is empty: expected a header and vectors, a JSON object a line');
  const header = parse(lines[0], 1) as SiliconHeader;
  if (header.format !== 'silicon-vectors/1') {
    throw new VectorError(
      `line 1: the format is ${JSON.stringify(header.format)}, expected silicon-vectors/1 (system-vectors/1 is not implemented yet)`,
    );
  }
  const bench = new SiliconBench(header, processorProfile(profile));
  let passed = 0;
  let failed = 0;
  const missing = new Map<string, number>();
  const mismatches: Mismatch[] = [];
  lines.slice(1).forEach((line, k) => {
    const vector = parse(line, k + 2) as SiliconVector;
    const result = bench.check(vector);
    if (result.missing !== '') missing.set(result.missing, (missing.get(result.missing) ?? 0) + 1);
    else if (result.differences.length === 0) passed++;
    else {
      failed++;
      if (mismatches.length < SHOWN) mismatches.push({ id: vector.id, text: vector.asm ?? vector.code, differences: result.differences });
    }
  });
  return { family: header.family, measured: header.cpu, simulated: profile, passed, failed, missing, mismatches };
}
