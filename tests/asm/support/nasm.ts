/** Debian's NASM, to compare with. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const hasNasm: boolean = spawnSync('nasm', ['-v']).status === 0;

export const NO_NASM = 'nasm is not installed: apt-get install nasm';

export interface NasmResult {
  readonly image: Uint8Array | undefined;
  readonly listing: string;
  /** Line numbers of the main file that nasm will not take. */
  readonly errorLines: ReadonlySet<number>;
  readonly stderr: string;
}

/** Assembles a text, or a file with its include directories. */
export function nasm(source: { readonly text: string } | { readonly file: string; readonly include: readonly string[] }): NasmResult {
  const folder = mkdtempSync(join(tmpdir(), 'nasm-'));
  try {
    const main = 'text' in source ? join(folder, 'main.asm') : source.file;
    if ('text' in source) writeFileSync(main, source.text);
    const include = 'text' in source ? [] : source.include.flatMap((directory) => ['-I', `${directory}/`]);
    const out = join(folder, 'out.bin');
    const list = join(folder, 'out.lst');
    const run = spawnSync('nasm', ['-f', 'bin', '-w-all', ...include, '-o', out, '-l', list, main], {
      encoding: 'utf8',
      maxBuffer: 1 << 28,
    });
    const errorLines = new Set<number>();
    for (const match of run.stderr.matchAll(/main\.asm:(\d+): error/g)) errorLines.add(Number(match[1]));
    if (run.status !== 0) return { image: undefined, listing: '', errorLines, stderr: run.stderr };
    return { image: readFileSync(out), listing: readFileSync(list, 'utf8'), errorLines, stderr: run.stderr };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
