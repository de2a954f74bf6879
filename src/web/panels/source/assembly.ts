import { StreamLanguage, type StringStream } from '@codemirror/language';

/** A line's first word: is it a label, or what the processor (or the assembler) is to do? */
interface State {
  /** Still before the first word that is no label. */
  fresh: boolean;
}

const DIRECTIVES =
  /^(section|bits|org|align|equ|times|db|dw|dd|dq|resb|resw|resd|struc|endstruc|istruc|iend|global|extern|incbin|at|use16|use32)$/i;

function token(stream: StringStream, state: State): string | null {
  if (stream.sol()) state.fresh = true;
  if (stream.eatSpace()) return null;
  if (stream.match(/^;.*/)) return 'comment';
  if (stream.match(/^"[^"]*"?|^'[^']*'?/)) return 'string';
  if (stream.match(/^%[\w.]+/)) {
    state.fresh = false;
    return 'keyword';
  }
  if (stream.match(/^(0x[\da-f]+|\d[\da-f]*h|\d+)\b/i)) return 'number';
  const word = stream.match(/^[\w.$@?]+/);
  if (!word || word === true) {
    stream.next();
    return null;
  }
  if (stream.peek() === ':') return 'labelName';
  if (!state.fresh) return DIRECTIVES.test(word[0]) ? 'keyword' : null;
  if (DIRECTIVES.test(word[0])) {
    state.fresh = false;
    return 'keyword';
  }
  const label = stream.match(/^\s+(equ|db|dw|dd|dq|resb|resw|resd)\b/i, false);
  state.fresh = label === true || label !== null;
  return state.fresh ? 'labelName' : 'operatorKeyword';
}

/** NASM's syntax, as far as the eye needs it. */
export const assembly = StreamLanguage.define<State>({
  name: 'nasm',
  startState: () => ({ fresh: true }),
  copyState: ({ fresh }) => ({ fresh }),
  token,
  languageData: { commentTokens: { line: ';' } },
});
