/** rm1 conform: vectors of one instruction each. */
import { gunzipSync } from 'node:zlib';
import { type ConformResult, conform } from '../lab/conform.ts';
import type { CliIo } from './io.ts';

const USAGE = `usage: rm1 conform [--cpu NAME] FILE... [--json]

Runs vectors of one instruction each (silicon-vectors/1, system-vectors/1: .jsonl or .jsonl.gz) and compares the outcome, on the
processor NAME or the nearest to that of the vectors. Prints each family's figures and its first mismatches, and last 'N passed, N failed'. Status 1 if any failed.
`;

function report(result: ConformResult, io: CliIo): void {
  const { family, measured, simulated, passed, failed, disputed, sourcesWay, missing, mismatches } = result;
  io.stdout(
    `${family.padEnd(12)}${String(passed).padStart(8)} passed${String(failed).padStart(8)} failed   ${measured}, run as ${simulated}\n`,
  );
  if (disputed > 0) io.stdout(`            ${String(disputed).padStart(8)} not judged: their source and the manual disagree\n`);
  if (sourcesWay > 0)
    io.stdout(
      `            ${String(sourcesWay).padStart(8)} not judged: where their source is known to leave the manual, they show its way\n`,
    );
  for (const [what, count] of missing) io.stdout(`            ${String(count).padStart(8)} not implemented: ${what}\n`);
  for (const { id, text, differences } of mismatches)
    io.stdout(`    ${id}  ${text}\n${differences.map((line) => `        ${line}\n`).join('')}`);
}

export function run(args: readonly string[], io: CliIo): number {
  const files: string[] = [];
  let cpu: string | undefined;
  let json = false;
  for (let k = 0; k < args.length; k++) {
    if (args[k] === '--help') {
      io.stdout(USAGE);
      return 0;
    }
    if (args[k] === '--json') json = true;
    else if (args[k] === '--cpu') cpu = args[++k];
    else if (args[k].startsWith('-')) {
      io.stderr(`rm1 conform: there is no option ${args[k]}\n\n${USAGE}`);
      return 2;
    } else files.push(args[k]);
  }
  if (files.length === 0) {
    io.stderr(`rm1 conform: expected files of vectors\n\n${USAGE}`);
    return 2;
  }
  let passed = 0;
  let failed = 0;
  const results: ConformResult[] = [];
  for (const file of files) {
    const bytes = io.readFile(file);
    if (bytes === undefined) {
      io.stderr(`rm1 conform: ${file}: no such file\n`);
      return 2;
    }
    try {
      const text = new TextDecoder().decode(file.endsWith('.gz') ? gunzipSync(bytes) : bytes);
      const result = conform(text, cpu);
      results.push(result);
      passed += result.passed;
      failed += result.failed;
      if (!json) report(result, io);
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      io.stderr(`rm1 conform: ${file}: ${error.message}\n`);
      return 2;
    }
  }
  if (json)
    io.stdout(
      `${JSON.stringify({ passed, failed, families: results.map((result) => ({ ...result, missing: Object.fromEntries(result.missing) })) })}\n`,
    );
  else io.stdout(`${passed} passed, ${failed} failed\n`);
  return failed > 0 ? 1 : 0;
}
