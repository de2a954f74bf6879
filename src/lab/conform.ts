/** Files of vectors, one instruction each, held against the simulated processor. */
import { BOCHS_HABITS, ZEN_4_HABITS } from '../cpu/profile-parts.ts';
import { processorProfile } from '../cpu/profiles.ts';
import { SiliconBench, type SiliconHeader, type SiliconVector } from './conform-silicon.ts';
import { SystemBench, type SystemHeader, type SystemVector } from './conform-system.ts';
import type { Outcome } from './vectors.ts';

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
  /** Vectors that say themselves that they are not to be judged. */
  readonly disputed: number;
  /** Vectors that came out right once the processor did as their source does, where that leaves the manual. */
  readonly sourcesWay: number;
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

interface Bench {
  readonly measured: string;
  readonly simulated: string;
  check(vector: unknown): Outcome;
}

/** The processor to simulate where none is named: the nearest to that of the vectors. */
/** An AMD processor that runs its own vectors has its own habits; a processor that is named has those of its profile. */
const ZEN_4 = 'AuthenticAMD family 25 model 17 ';

function nearest(header: SiliconHeader | SystemHeader): string {
  if (header.format === 'system-vectors/1') return 'katmai';
  return header.cpu.startsWith('AuthenticAMD') ? 'phenom' : 'yonah';
}

const FORMATS: readonly string[] = ['silicon-vectors/1', 'system-vectors/1'];

function benchFor(header: SiliconHeader | SystemHeader, profile: string | undefined): Bench {
  const simulated = profile ?? nearest(header);
  if (header.format === 'silicon-vectors/1') {
    const ownHabits = profile === undefined && header.cpu.startsWith(ZEN_4);
    const named = processorProfile(simulated);
    const bench = new SiliconBench(header, ownHabits ? { ...named, habits: ZEN_4_HABITS } : named);
    return { measured: header.cpu, simulated, check: (vector) => bench.check(vector as SiliconVector) };
  }
  const named = processorProfile(simulated);
  const bench = new SystemBench(header, named);
  let other: SystemBench | undefined;
  const check = (vector: unknown): Outcome => {
    const outcome = bench.check(vector as SystemVector);
    if (outcome.differences.length === 0) return outcome;
    other ??= new SystemBench(header, { ...named, habits: BOCHS_HABITS });
    return other.check(vector as SystemVector).differences.length === 0 ? { differences: [], sourcesWay: true } : outcome;
  };
  return { measured: header.source, simulated, check };
}

/**
 * Checks a file's text: a header line, then a vector a line.
 *
 * @param profile names the processor to simulate; by default the nearest to that of the vectors
 * @param shown how many mismatches to keep in full
 */
export function conform(text: string, profile?: string, shown = SHOWN): ConformResult {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const parse = (line: string, number: number): unknown => {
    try {
      return JSON.parse(line);
    } catch {
      throw new VectorError(`line ${number}: expected a JSON object`);
    }
  };
  if (lines.length === 0) throw new VectorError('the file is empty: expected a header and vectors, a JSON object a line');
  const header = parse(lines[0], 1) as SiliconHeader | SystemHeader;
  if (!FORMATS.includes(header.format)) {
    throw new VectorError(`line 1: the format is ${JSON.stringify(header.format)}, expected ${FORMATS.join(' or ')}`);
  }
  const { measured, simulated, check } = benchFor(header, profile);
  let passed = 0;
  let failed = 0;
  let disputed = 0;
  let sourcesWay = 0;
  const missing = new Map<string, number>();
  const mismatches: Mismatch[] = [];
  lines.slice(1).forEach((line, k) => {
    const vector = parse(line, k + 2) as SiliconVector | SystemVector;
    const result = check(vector);
    if (result.disputed) disputed++;
    else if (result.sourcesWay) sourcesWay++;
    else if (result.missing !== undefined) missing.set(result.missing, (missing.get(result.missing) ?? 0) + 1);
    else if (result.differences.length === 0) passed++;
    else {
      failed++;
      if (mismatches.length < shown) mismatches.push({ id: vector.id, text: vector.asm ?? vector.code, differences: result.differences });
    }
  });
  return { family: header.family, measured, simulated, passed, failed, disputed, sourcesWay, missing, mismatches };
}
