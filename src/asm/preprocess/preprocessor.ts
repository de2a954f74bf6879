import { type Diagnostics, FatalError, LineError, nearest, type Position } from '../errors.ts';
import { Cursor, evaluateNumber, type Scope } from '../expression.ts';
import { significant, type Token, tokensText, trimTokens } from '../lexer.ts';
import { bytesToText, stringBytes } from '../numbers.ts';
import { type ConditionHost, conditionOf, type Test } from './conditional.ts';
import { Contexts } from './contexts.ts';
import { Defines, joinNeighbours } from './defines.ts';
import { type Frame, type Line, MAX_FRAMES, MAX_LINES, MAX_REPEATS } from './frames.ts';
import { type Macro, type MacroCall, parseMacroHead, selectMacro, substitute } from './macros.ts';
import { type SourceLine, splitLines } from './source.ts';
import { STANDARD_MACROS } from './standard.ts';
import { TEXT_DIRECTIVES, textDirective } from './text-directives.ts';

/** Gives source text; undefined when there is no such file. */
export type ReadText = (name: string, from: string | undefined) => { readonly path: string; readonly text: string } | undefined;

const STANDARD = splitLines('', STANDARD_MACROS);

/** Turns sources into lines without macros, one at a time. One instance makes one pass. */
export class Preprocessor {
  readonly #read: ReadText;
  readonly #diagnostics: Diagnostics;
  readonly #scope: Scope;
  readonly #frames: Frame[] = [];
  readonly #macros = new Map<string, Macro[]>();
  readonly #contexts = new Contexts(() => ++this.#unique);
  readonly #defines: Defines;
  readonly #conditionHost: ConditionHost;
  #unique = 0;
  #linesRead = 0;
  #line: SourceLine;
  #frame: Frame;
  /** Bits as `__BITS__` gives them; the assembler keeps it up to date. */
  bits = 16;

  constructor(main: string, read: ReadText, diagnostics: Diagnostics, scope: Scope) {
    this.#read = read;
    this.#diagnostics = diagnostics;
    this.#scope = scope;
    this.#defines = new Defines(
      (name) => this.#dynamic(name),
      (text) => this.#contexts.resolve(text),
    );
    this.#conditionHost = {
      scope,
      expand: (tokens) => this.#defines.expand(tokens),
      isDefined: (name) => this.#defines.isDefined(this.#contexts.resolve(name)?.key ?? name),
      isMacro: (tokens, column) => this.#isMacro(tokens, column),
      isContext: (name) => this.#contexts.current === name,
      fileExists: (name) => read(name, this.#line.file) !== undefined,
    };
    this.#line = STANDARD[0];
    const source = read(main, undefined);
    this.#frame = {
      kind: 'file',
      lines: source === undefined ? [] : splitLines(source.path, source.text),
      at: 0,
      conditions: [],
      call: undefined,
      origin: undefined,
      hidden: undefined,
      repeats: 0,
    };
    this.#frames.push(this.#frame);
    if (source === undefined) diagnostics.error({ file: main, line: 1, column: 1 }, `there is no file \`${main}\``);
    this.#push({
      kind: 'file',
      lines: STANDARD,
      at: 0,
      conditions: [],
      call: undefined,
      origin: undefined,
      hidden: this.#frame.lines[0] ?? STANDARD[0],
      repeats: 0,
    });
  }

  /** Names of multi-line macros, for suggestions. */
  *macroNames(): Iterable<string> {
    for (const list of this.#macros.values()) yield list[0].name;
  }

  /** The numbers of parameters that macros of this name take; empty when there is none. */
  macroCounts(name: string): string {
    const list = (this.#macros.get(name.toLowerCase()) ?? []).filter((macro) => !macro.caseSensitive || macro.name === name);
    return list
      .map((m) =>
        m.maximum === m.minimum ? `${m.minimum}` : `${m.minimum} to ${m.maximum === Number.POSITIVE_INFINITY ? 'any number' : m.maximum}`,
      )
      .join(' or ');
  }

  /** The next line; undefined at the end. Lines that only direct the preprocessor come without tokens. */
  next(): Line | undefined {
    for (;;) {
      const source = this.#nextSource();
      if (source === undefined) return undefined;
      if (++this.#linesRead > MAX_LINES)
        throw new FatalError(`the sources expand to more than ${MAX_LINES} lines`, 'a macro or %rep does not end');
      let tokens: readonly Token[] = [];
      try {
        tokens = this.#process(source);
      } catch (error) {
        if (!(error instanceof LineError)) throw error;
        this.#error(error.column, error.message, error.hint);
      }
      if (this.#frame.hidden !== undefined && tokens.length === 0) continue;
      return this.#out(source, tokens);
    }
  }

  #out(source: SourceLine, tokens: readonly Token[]): Line {
    const frame = this.#frame;
    const shown = frame.hidden ?? source;
    const { lexed } = shown;
    return {
      tokens: significant(tokens),
      source: shown,
      comment: lexed.comment,
      origin: frame.origin,
      depth: frame.hidden !== undefined ? -1 : this.#depth(),
    };
  }

  #depth(): number {
    let depth = 0;
    for (const frame of this.#frames) if (frame.kind !== 'file') depth++;
    return depth;
  }

  /** A column of the line that was read last. */
  position(column: number): Position {
    const { file, line } = this.#frame.hidden ?? this.#line;
    return { file, line, column };
  }

  get #top(): Frame {
    return this.#frames[this.#frames.length - 1];
  }

  #push(frame: Frame): void {
    if (this.#frames.length >= MAX_FRAMES) throw new FatalError('macros and includes are nested too deeply', 'a macro or file uses itself');
    this.#frames.push(frame);
  }

  #error(column: number, message: string, hint = ''): void {
    const { origin } = this.#frame;
    const within = origin === undefined ? '' : ` (in macro \`${origin.macro}\`, used at ${origin.file}:${origin.line})`;
    this.#diagnostics.error(this.position(column), message + within, hint);
  }

  /** The next line of the innermost frame that has one. */
  #nextSource(): SourceLine | undefined {
    for (;;) {
      const frame = this.#top;
      if (frame.at < frame.lines.length) {
        this.#frame = frame;
        this.#line = frame.lines[frame.at++];
        return this.#line;
      }
      if (frame.kind === 'repeat' && frame.repeats > 1) {
        frame.repeats--;
        frame.at = 0;
        continue;
      }
      this.#pop(frame);
      if (this.#frames.length === 0) return undefined;
    }
  }

  #pop(frame: Frame): void {
    this.#frame = frame;
    const open = frame.conditions[frame.conditions.length - 1];
    if (open !== undefined && this.#frames.includes(frame)) {
      this.#diagnostics.error(open.position, 'this condition has no %endif', 'write %endif after its last line');
    }
    if (frame.kind === 'macro' && frame.call !== undefined) frame.call.macro.active--;
    this.#frames.pop();
  }

  #process(source: SourceLine): readonly Token[] {
    const frame = this.#frame;
    const raw = source.lexed.tokens;
    const first = raw[0]?.kind === 'ws' ? raw[1] : raw[0];
    if (first === undefined) return [];
    const skipping = frame.conditions.some((condition) => !condition.active);
    let word = first.kind === 'pp' && /^%[A-Za-z]/.test(first.text) ? first.text.toLowerCase() : '';
    if (skipping) {
      if (/^%(el)?if|^%else$|^%endif$/.test(word)) this.#directive(word, first, this.#substituted(raw));
      return [];
    }
    const tokens = this.#substituted(raw);
    const head = tokens[0]?.kind === 'ws' ? tokens[1] : tokens[0];
    if (head === undefined) return [];
    if (head.kind !== 'pp') word = '';
    if (word !== '' && this.#directive(word, head, tokens)) return [];
    return this.#expandLine(tokens);
  }

  #substituted(raw: readonly Token[]): readonly Token[] {
    return this.#frame.call === undefined ? raw : substitute(raw, this.#frame.call);
  }

  #expandLine(tokens: readonly Token[]): readonly Token[] {
    const expanded = this.#defines.expand(tokens);
    const label = this.#callMacro(expanded);
    if (label !== undefined) return label;
    const joined = expanded === tokens ? tokens : joinNeighbours(expanded);
    const first = significant(joined)[0];
    if (first?.kind === 'pp') {
      const fix = nearest(first.text, DIRECTIVES);
      throw new LineError(`there is no directive ${first.text}`, first.column, fix === undefined ? '' : `did you mean ${fix}?`);
    }
    return joined;
  }

  /** Starts the macro that a line uses, if any; returns what remains of the line: nothing, or the label before the use. */
  #callMacro(tokens: readonly Token[]): readonly Token[] | undefined {
    if (this.#macros.size === 0) return undefined;
    const skip = (i: number): number => (tokens[i]?.kind === 'ws' ? i + 1 : i);
    const at = skip(0);
    const head = tokens[at];
    if (head === undefined || head.kind === 'ws') return undefined;
    if (this.#start(tokens, at, [])) return [];
    let i = skip(at + 1);
    if (tokens[i]?.text === ':') i = skip(i + 1);
    if (head.kind !== 'id' || tokens[i]?.kind !== 'id' || !this.#start(tokens, i, [head])) return undefined;
    const { call } = this.#top;
    return call?.macro.takesLabel ? [] : [head, { kind: 'op', text: ':', column: head.column }];
  }

  #start(tokens: readonly Token[], i: number, label: readonly Token[]): boolean {
    const token = tokens[i];
    const list = this.#macros.get(token.text.toLowerCase());
    if (list === undefined) return false;
    const candidates = list.filter((macro) => !macro.caseSensitive || macro.name === token.text);
    const selected = selectMacro(candidates, tokens.slice(i + 1));
    if (selected === undefined) return false;
    const { macro, parameters } = selected;
    const call: MacroCall = { macro, name: token.text, column: token.column, label, parameters, unique: ++this.#unique, rotation: 0 };
    const frame = this.#frame;
    const { file, line } = this.#line;
    const hidden = frame.hidden ?? (macro.hidden ? this.#line : undefined);
    const origin = hidden !== undefined ? frame.origin : { file, line, macro: macro.name, parent: frame.origin };
    this.#push({ kind: 'macro', lines: macro.body, at: 0, conditions: [], call, origin, hidden, repeats: 0 });
    macro.active++;
    return true;
  }

  #isMacro(tokens: readonly Token[], column: number): boolean {
    const text = significant(tokens);
    if (text.length === 1) return this.#macros.has(text[0].text.toLowerCase());
    const { name, minimum, maximum } = parseMacroHead(tokens, column);
    return (this.#macros.get(name.toLowerCase()) ?? []).some((macro) => macro.minimum <= maximum && macro.maximum >= minimum);
  }

  #dynamic(name: string): string | undefined {
    const shown = this.#frame.hidden ?? this.#line;
    switch (name) {
      case '__LINE__':
      case '__?LINE?__':
        return String(shown.line);
      case '__FILE__':
      case '__?FILE?__':
        return `'${shown.file}'`;
      case '__BITS__':
      case '__?BITS?__':
        return String(this.bits);
      case '__SECT__':
        return tokensText(this.#defines.expand([{ kind: 'id', text: '__?SECT?__', column: 1 }]));
      case '__OUTPUT_FORMAT__':
      case '__?OUTPUT_FORMAT?__':
        return 'bin';
      case '__NASM_MAJOR__':
      case '__?NASM_MAJOR?__':
        return '2';
      case '__NASM_MINOR__':
      case '__?NASM_MINOR?__':
        return '16';
      case '__NASM_VER__':
      case '__?NASM_VER?__':
        return "'2.16.01'";
      default:
        return undefined;
    }
  }

  #directive(word: string, first: Token, tokens: readonly Token[]): boolean {
    const at = tokens.findIndex((token) => token.kind !== 'ws');
    const rest = trimTokens(tokens.slice(at + 1));
    const condition = conditionOf(word);
    if (condition !== undefined) {
      this.#condition(condition.isElse, condition.negated, condition.test, rest, first);
      return true;
    }
    const name = word.slice(1);
    const text = {
      defines: this.#defines,
      scope: this.#scope,
      nameOf: (token: Token) => this.#contexts.resolve(token.text)?.key ?? token.text,
    };
    if (textDirective(text, name, rest, first)) return true;
    const action = this.#actions[name];
    if (action === undefined) return false;
    action(rest, first);
    return true;
  }

  #condition(isElse: boolean, negated: boolean, test: Test, rest: readonly Token[], first: Token): void {
    const { conditions } = this.#frame;
    if (!isElse) {
      const outer = conditions.every((condition) => condition.active);
      const open = { active: false, taken: !outer, closed: false, position: this.position(first.column) };
      conditions.push(open);
      if (!outer) return;
      open.taken = true;
      open.active = test(rest, this.#conditionHost, first.column) !== negated;
      open.taken = open.active;
      return;
    }
    const open = conditions[conditions.length - 1];
    if (open === undefined) throw new LineError(`${first.text} without %if`, first.column);
    if (open.closed) throw new LineError(`${first.text} after %else`, first.column);
    open.active = false;
    if (open.taken) return;
    open.taken = true;
    open.active = test(rest, this.#conditionHost, first.column) !== negated;
    open.taken = open.active;
  }

  /** The lines up to the end directive, which is taken too. */
  #collect(open: readonly string[], close: readonly string[], first: Token): SourceLine[] {
    const frame = this.#frame;
    const lines: SourceLine[] = [];
    let depth = 1;
    while (frame.at < frame.lines.length) {
      const line = frame.lines[frame.at++];
      const tokens = line.lexed.tokens;
      const head = tokens[0]?.kind === 'ws' ? tokens[1] : tokens[0];
      const word = head?.kind === 'pp' ? head.text.toLowerCase() : '';
      if (open.includes(word)) depth++;
      else if (close.includes(word) && --depth === 0) return lines;
      lines.push(line);
    }
    throw new LineError(`${first.text} without ${close[0]}`, first.column, `write ${close[0]} after its last line`);
  }

  #defineMacro(rest: readonly Token[], first: Token, caseSensitive: boolean, depth: number): void {
    const body = this.#collect(['%macro', '%imacro', '%rmacro', '%irmacro'], ['%endmacro', '%endm'], first);
    const head = parseMacroHead([...rest.slice(0, 1), ...this.#defines.expand(rest.slice(1))], first.column);
    const takesLabel = body.some((line) => line.text.includes('%00'));
    const hidden = this.#frame.hidden !== undefined;
    const macro: Macro = { ...head, caseSensitive, body, takesLabel, hidden, depth, active: 0 };
    const key = macro.name.toLowerCase();
    const list = (this.#macros.get(key) ?? []).filter(
      (other) => other.minimum !== macro.minimum || other.maximum !== macro.maximum || (other.name !== macro.name && caseSensitive),
    );
    this.#macros.set(key, [macro, ...list]);
  }

  readonly #actions: Readonly<Record<string, (rest: readonly Token[], first: Token) => void>> = {
    else: (_rest, first) => {
      const { conditions } = this.#frame;
      const open = conditions[conditions.length - 1];
      if (open === undefined) throw new LineError('%else without %if', first.column);
      if (open.closed) throw new LineError('this %if has an %else already', first.column);
      open.closed = true;
      open.active = !open.taken;
      open.taken = true;
    },
    endif: (_rest, first) => {
      if (this.#frame.conditions.pop() === undefined) throw new LineError('%endif without %if', first.column);
    },
    macro: (rest, first) => this.#defineMacro(rest, first, true, 0),
    imacro: (rest, first) => this.#defineMacro(rest, first, false, 0),
    rmacro: (rest, first) => this.#defineMacro(rest, first, true, 64),
    irmacro: (rest, first) => this.#defineMacro(rest, first, false, 64),
    endmacro: (_rest, first) => {
      throw new LineError('%endmacro without %macro', first.column);
    },
    unmacro: (rest, first) => {
      const { name, minimum, maximum } = parseMacroHead(rest, first.column);
      const key = name.toLowerCase();
      const left = (this.#macros.get(key) ?? []).filter((macro) => macro.minimum !== minimum || macro.maximum !== maximum);
      if (left.length > 0) this.#macros.set(key, left);
      else this.#macros.delete(key);
    },
    exitmacro: (_rest, first) => this.#leave('macro', first),
    rep: (rest, first) => {
      const body = this.#collect(['%rep'], ['%endrep'], first);
      const cursor = new Cursor(significant(this.#defines.expand(rest)), first.column);
      const count = evaluateNumber(cursor, this.#scope, 'the count of %rep');
      if (count > BigInt(MAX_REPEATS)) throw new LineError(`%rep ${count} is more than ${MAX_REPEATS} times`, first.column);
      if (count < 1n || body.length === 0) return;
      const { call, origin, hidden } = this.#frame;
      this.#push({ kind: 'repeat', lines: body, at: 0, conditions: [], call, origin, hidden, repeats: Number(count) });
    },
    endrep: (_rest, first) => {
      throw new LineError('%endrep without %rep', first.column);
    },
    exitrep: (_rest, first) => this.#leave('repeat', first),
    include: (rest, first) => this.#include(rest, first),
    rotate: (rest, first) => {
      const call = this.#frame.call;
      if (call === undefined) throw new LineError('%rotate outside a macro', first.column);
      const cursor = new Cursor(significant(this.#defines.expand(rest)), first.column);
      const by = Number(evaluateNumber(cursor, this.#scope, 'the number of places to rotate'));
      const count = call.parameters.length;
      if (count > 0) call.rotation = (((call.rotation + by) % count) + count) % count;
    },
    push: (rest) => this.#contexts.push(tokensText(trimTokens(rest))),
    pop: (_rest, first) => {
      const prefix = this.#contexts.pop();
      if (prefix === undefined) throw new LineError('%pop without %push', first.column);
      this.#defines.undefinePrefix(prefix);
    },
    repl: (rest) => this.#contexts.rename(tokensText(trimTokens(rest))),
    error: (rest, first) => this.#error(first.column, `%error: ${this.#message(rest)}`),
    fatal: (rest, first) => {
      this.#error(first.column, `%fatal: ${this.#message(rest)}`);
      throw new FatalError('');
    },
    warning: (rest, first) => {
      this.#diagnostics.warning(this.position(first.column), `%warning: ${this.#message(rest)}`);
    },
    line: () => {},
    pragma: () => {},
    use: (rest, first) => {
      throw new LineError(`there is no macro package ${tokensText(rest)} here`, first.column, 'leave %use out');
    },
  };

  #message(rest: readonly Token[]): string {
    const tokens = rest[0]?.kind === 'str' ? rest : this.#defines.expand(rest);
    return tokens.map((token) => (token.kind === 'str' ? bytesToText(stringBytes(token.text)) : token.text)).join('');
  }

  #leave(kind: 'macro' | 'repeat', first: Token): void {
    const index = this.#frames.findLastIndex((frame) => frame.kind === kind);
    if (index < 0) throw new LineError(`${first.text} outside ${kind === 'macro' ? 'a macro' : '%rep'}`, first.column);
    while (this.#frames.length > index) {
      this.#top.conditions.length = 0;
      this.#pop(this.#top);
    }
  }

  #include(rest: readonly Token[], first: Token): void {
    const tokens = trimTokens(this.#defines.expand(rest));
    const name = tokens[0]?.kind === 'str' ? bytesToText(stringBytes(tokens[0].text)) : tokensText(tokens).replace(/^<|>$/g, '');
    if (name === '') throw new LineError('expected the name of a file in quotes after %include', first.column);
    const source = this.#read(name, this.#line.file);
    if (source === undefined) throw new LineError(`there is no file \`${name}\` to include`, tokens[0].column);
    this.#push({
      kind: 'file',
      lines: splitLines(source.path, source.text),
      at: 0,
      conditions: [],
      call: undefined,
      origin: this.#frame.origin,
      hidden: undefined,
      repeats: 0,
    });
  }
}

const DIRECTIVES: readonly string[] = [
  ...TEXT_DIRECTIVES,
  ...[
    'if',
    'ifdef',
    'ifndef',
    'ifidn',
    'ifidni',
    'ifnum',
    'ifstr',
    'ifid',
    'ifempty',
    'ifmacro',
    'elif',
    'elifdef',
    'elifndef',
    'elifidn',
    'else',
    'endif',
  ],
  ...[
    'macro',
    'imacro',
    'endmacro',
    'unmacro',
    'rep',
    'endrep',
    'exitrep',
    'exitmacro',
    'include',
    'rotate',
    'push',
    'pop',
    'error',
    'warning',
    'fatal',
  ],
].map((word) => `%${word}`);
