/** Assembling a text in one line of a test. */
import { type AsmError, type Assembled, assemble } from '../../../src/asm/index.ts';

type Files = Readonly<Record<string, string>>;

function run(source: string, files: Files) {
  return assemble(
    {
      text: (path) => (path === 'main.asm' ? source : files[path]),
      bytes: (path) => (files[path] === undefined ? undefined : new TextEncoder().encode(files[path])),
    },
    'main.asm',
  );
}

/** The result; throws with the errors when there is none. */
export function assembled(source: string, files: Files = {}): Assembled {
  const result = run(source, files);
  if (!result.ok) throw new Error(result.errors.map((e) => `${e.line}:${e.column} ${e.message}`).join('\n'));
  return result;
}

/** The bytes in hex pairs, 32-bit code unless the source says otherwise. */
export function bytes(source: string, files: Files = {}): string {
  return [...assembled(`bits 32\n${source}`, files).image].map((b) => b.toString(16).toUpperCase().padStart(2, '0')).join(' ');
}

/** The errors as `line:column message (hint)`. */
export function errors(source: string, files: Files = {}): string[] {
  const result = run(source, files);
  return result.ok ? [] : result.errors.map(show);
}

export function warnings(source: string): string[] {
  return run(source, {}).warnings.map(show);
}

const show = (e: AsmError): string =>
  `${e.file === 'main.asm' ? '' : `${e.file}:`}${e.line}:${e.column} ${e.message}${e.hint ? ` (${e.hint})` : ''}`;
