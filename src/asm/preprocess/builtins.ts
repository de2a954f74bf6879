import type { SourceLine } from './source.ts';

/** Names whose value depends on where they stand, and those that tell who assembles; undefined for any other. */
export function builtin(name: string, line: SourceLine, bits: number): string | undefined {
  switch (name.replace(/^__\?(.*)\?__$/, '__$1__')) {
    case '__LINE__':
      return String(line.line);
    case '__FILE__':
      return `'${line.file}'`;
    case '__BITS__':
      return String(bits);
    case '__OUTPUT_FORMAT__':
      return 'bin';
    case '__NASM_MAJOR__':
      return '2';
    case '__NASM_MINOR__':
      return '16';
    case '__NASM_VER__':
      return "'2.16.01'";
    default:
      return undefined;
  }
}
