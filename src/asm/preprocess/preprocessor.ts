import { say, worded } from '../../lib/say.ts';
import { type Diagnostics, FatalError, LineError, nearest, type Position } from '../errors.ts';
import { Cursor, evaluateNumber, type Scope } from '../expression.ts';
import { significant, type Token, tokensText, trimTokens } from '../lexer.ts';
import { bytesToText, stringBytes } from '../numbers.ts';
import { builtin } from './builtins.ts';
import { type ConditionHost, conditionOf, type Test } from './conditional.ts';
import { Contexts } from './contexts.ts';
import { Defines, joinNeighbours } from './defines.ts';
import { type Frame, type Line, MAX_LINES, MAX_REPEATS } from './frames.ts';
import { Input } from './input.ts';
import { MacroTable } from './macro-table.ts';
import { type Macro, type MacroCall, parseMacroHead, selectMacro, substitute } from './macros.ts';
import { type SourceLine, splitLines } from './source.ts';
import { STANDARD_MACROS } from './standard.ts';
import { TEXT_DIRECTIVES, textDirective } from './text-directives.ts';

/** Gives source text; undefined when there is no such file. */
export type ReadText = (name: string, from: string | undefined) => { readonly path: string; readonly text: string } | undefined;

const STANDARD = splitLines('', STANDARD_MACROS);

/** Turns sources into lines without macros, one at a time. One instance makes one pass. */
export class Preprocessor {
  readonly macros = new MacroTable();
  /** Bits as `__BITS__` gives them; the assembler keeps it up to date. */
  bits = 16;
  readonly #read: ReadText;
  readonly #scope: Scope;
  readonly #input: Input;
  readonly #contexts = new Contexts(() => ++this.#unique);
  readonly #defines: Defines;
  readonly #conditionHost: ConditionHost;
  #unique = 0;
  #linesRead = 0;

  constructor(main: string, read: ReadText, diagnostics: Diagnostics, scope: Scope) {
    this.#read = read;
    this.#scope = scope;
    this.#defines = new Defines(
      (name) => this.#dynamic(name),
      (text) => this.#contexts.resolve(text),
    );
    this.#conditionHost = {
      scope,
      expand: (tokens) => this.#defines.expand(tokens),
      isDefined: (name) => this.#defines.isDefined(this.#contexts.resolve(name)?.key ?? name),
      isMacro: (tokens, column) => this.macros.has(tokens, column),
      isContext: (name) => this.#contexts.current === name,
      fileExists: (name) => read(name, this.#input.line.file) !== undefined,
    };
    const source = read(main, undefined);
    if (source === undefined) diagnostics.error({ file: main, line: 1, column: 1 }, say`there is no file \`${main}\``);
    const lines = source === undefined ? [] : splitLines(source.path, source.text);
    const first: Frame = { kind: 'file', lines, at: 0, conditions: [], call: undefined, origin: undefined, hidden: undefined, repeats: 0 };
    this.#input = new Input(diagnostics, first, STANDARD[0]);
    this.#input.push({ kind: 'file', lines: STANDARD, hidden: lines[0] ?? STANDARD[0] });
  }

  /** A column of the line that was read last. */
  position(column: number): Position {
    return this.#input.position(column);
  }

  /** The next line; undefined at the end. Lines that only direct the preprocessor come without tokens. */
  next(): Line | undefined {
    for (;;) {
      const source = this.#input.next();
      if (source === undefined) return undefined;
      if (++this.#linesRead > MAX_LINES)
        throw new FatalError(say`the sources expand to more than ${MAX_LINES} lines`, say`a macro or %rep does not end`);
      const { depth } = this.#input;
      let tokens: readonly Token[] = [];
      try {
        tokens = this.#process(source);
      } catch (error) {
        if (!(error instanceof LineError)) throw error;
        this.#input.error(error.column, error.message, error.hint);
      }
      if (this.#input.frame.hidden === undefined || tokens.length > 0) return this.#out(tokens, depth);
    }
  }

  #out(tokens: readonly Token[], depth: number): Line {
    const { frame, shown } = this.#input;
    return {
      tokens: significant(tokens),
      source: shown,
      comment: shown.lexed.comment,
      origin: frame.origin,
      depth: frame.hidden !== undefined ? -1 : depth,
    };
  }

  #process(source: SourceLine): readonly Token[] {
    const frame = this.#input.frame;
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
    return this.#input.frame.call === undefined ? raw : substitute(raw, this.#input.frame.call);
  }

  #expandLine(tokens: readonly Token[]): readonly Token[] {
    const expanded = this.#defines.expand(tokens);
    const label = this.#callMacro(expanded);
    if (label !== undefined) return label;
    const joined = expanded === tokens ? tokens : joinNeighbours(expanded);
    const first = significant(joined)[0];
    if (first?.kind === 'pp') {
      const fix = nearest(first.text, DIRECTIVES);
      throw new LineError(say`there is no directive ${first.text}`, first.column, fix === undefined ? '' : say`did you mean ${fix}?`);
    }
    return joined;
  }

  /** Starts the macro that a line uses, if any; returns what remains of the line: nothing, or the label before the use. */
  #callMacro(tokens: readonly Token[]): readonly Token[] | undefined {
    if (this.macros.empty) return undefined;
    const skip = (i: number): number => (tokens[i]?.kind === 'ws' ? i + 1 : i);
    const at = skip(0);
    const head = tokens[at];
    if (head === undefined || head.kind === 'ws') return undefined;
    if (this.#start(tokens, at, [])) return [];
    let i = skip(at + 1);
    if (tokens[i]?.text === ':') i = skip(i + 1);
    if (head.kind !== 'id' || tokens[i]?.kind !== 'id' || !this.#start(tokens, i, [head])) return undefined;
    const { call } = this.#input.top;
    return call?.macro.takesLabel ? [] : [head, { kind: 'op', text: ':', column: head.column }];
  }

  #start(tokens: readonly Token[], i: number, label: readonly Token[]): boolean {
    const token = tokens[i];
    const selected = selectMacro(this.macros.named(token.text), tokens.slice(i + 1));
    if (selected === undefined) return false;
    const { macro, parameters } = selected;
    const call: MacroCall = { macro, name: token.text, column: token.column, label, parameters, unique: ++this.#unique, rotation: 0 };
    const { frame, line: source } = this.#input;
    const { file, line } = source;
    const hidden = frame.hidden ?? (macro.hidden ? source : undefined);
    const origin = hidden !== undefined ? frame.origin : { file, line, macro: macro.name, parent: frame.origin };
    this.#input.push({ kind: 'macro', lines: macro.body, call, origin, hidden });
    macro.active++;
    return true;
  }

  #dynamic(name: string): string | undefined {
    if (name === '__SECT__') return tokensText(this.#defines.expand([{ kind: 'id', text: '__?SECT?__', column: 1 }]));
    return builtin(name, this.#input.shown, this.bits);
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
    if (!Object.hasOwn(this.#actions, name)) return false;
    this.#actions[name](rest, first);
    return true;
  }

  #condition(isElse: boolean, negated: boolean, test: Test, rest: readonly Token[], first: Token): void {
    const { conditions } = this.#input.frame;
    if (!isElse) {
      const outer = conditions.every((condition) => condition.active);
      const open = { active: false, taken: !outer, closed: false, position: this.#input.position(first.column) };
      conditions.push(open);
      if (!outer) return;
      open.taken = true;
      open.active = test(rest, this.#conditionHost, first.column) !== negated;
      open.taken = open.active;
      return;
    }
    const open = conditions[conditions.length - 1];
    if (open === undefined) throw new LineError(say`${first.text} without %if`, first.column);
    if (open.closed) throw new LineError(say`${first.text} after %else`, first.column);
    open.active = false;
    if (open.taken) return;
    open.taken = true;
    open.active = test(rest, this.#conditionHost, first.column) !== negated;
    open.taken = open.active;
  }

  #defineMacro(rest: readonly Token[], first: Token, caseSensitive: boolean, depth: number): void {
    const body = this.#input.collect(['%macro', '%imacro', '%rmacro', '%irmacro'], ['%endmacro', '%endm'], first);
    const head = parseMacroHead([...rest.slice(0, 1), ...this.#defines.expand(rest.slice(1))], first.column);
    const takesLabel = body.some((line) => line.text.includes('%00'));
    const hidden = this.#input.frame.hidden !== undefined;
    const macro: Macro = { ...head, caseSensitive, body, takesLabel, hidden, depth, active: 0 };
    this.macros.define(macro);
  }

  readonly #actions: Readonly<Record<string, (rest: readonly Token[], first: Token) => void>> = {
    else: (_rest, first) => {
      const { conditions } = this.#input.frame;
      const open = conditions[conditions.length - 1];
      if (open === undefined) throw new LineError(say`%else without %if`, first.column);
      if (open.closed) throw new LineError(say`this %if has an %else already`, first.column);
      open.closed = true;
      open.active = !open.taken;
      open.taken = true;
    },
    endif: (_rest, first) => {
      if (this.#input.frame.conditions.pop() === undefined) throw new LineError(say`%endif without %if`, first.column);
    },
    macro: (rest, first) => this.#defineMacro(rest, first, true, 0),
    imacro: (rest, first) => this.#defineMacro(rest, first, false, 0),
    rmacro: (rest, first) => this.#defineMacro(rest, first, true, 64),
    irmacro: (rest, first) => this.#defineMacro(rest, first, false, 64),
    endmacro: (_rest, first) => {
      throw new LineError(say`%endmacro without %macro`, first.column);
    },
    unmacro: (rest, first) => this.macros.remove(rest, first.column),
    exitmacro: (_rest, first) => this.#input.leave('macro', first),
    rep: (rest, first) => {
      const body = this.#input.collect(['%rep'], ['%endrep'], first);
      const cursor = new Cursor(significant(this.#defines.expand(rest)), first.column);
      const count = evaluateNumber(cursor, this.#scope, worded('the count of %rep'));
      if (count > BigInt(MAX_REPEATS)) throw new LineError(say`%rep ${count} is more than ${MAX_REPEATS} times`, first.column);
      if (count < 1n || body.length === 0) return;
      const { call, origin, hidden } = this.#input.frame;
      this.#input.push({ kind: 'repeat', lines: body, call, origin, hidden, repeats: Number(count) });
    },
    endrep: (_rest, first) => {
      throw new LineError(say`%endrep without %rep`, first.column);
    },
    exitrep: (_rest, first) => this.#input.leave('repeat', first),
    include: (rest, first) => this.#include(rest, first),
    rotate: (rest, first) => {
      const call = this.#input.frame.call;
      if (call === undefined) throw new LineError(say`%rotate outside a macro`, first.column);
      const cursor = new Cursor(significant(this.#defines.expand(rest)), first.column);
      const by = Number(evaluateNumber(cursor, this.#scope, worded('the number of places to rotate')));
      const count = call.parameters.length;
      if (count > 0) call.rotation = (((call.rotation + by) % count) + count) % count;
    },
    push: (rest) => this.#contexts.push(tokensText(trimTokens(rest))),
    pop: (_rest, first) => {
      const prefix = this.#contexts.pop();
      if (prefix === undefined) throw new LineError(say`%pop without %push`, first.column);
      this.#defines.undefinePrefix(prefix);
    },
    repl: (rest) => this.#contexts.rename(tokensText(trimTokens(rest))),
    error: (rest, first) => this.#input.error(first.column, `%error: ${this.#message(rest)}`),
    fatal: (rest, first) => {
      this.#input.error(first.column, `%fatal: ${this.#message(rest)}`);
      throw new FatalError('');
    },
    warning: (rest, first) => {
      this.#input.warning(first.column, `%warning: ${this.#message(rest)}`);
    },
    line: () => {},
    pragma: () => {},
    use: (rest, first) => {
      throw new LineError(say`there is no macro package ${tokensText(rest)} here`, first.column, say`leave %use out`);
    },
  };

  #message(rest: readonly Token[]): string {
    const tokens = rest[0]?.kind === 'str' ? rest : this.#defines.expand(rest);
    return tokens.map((token) => (token.kind === 'str' ? bytesToText(stringBytes(token.text)) : token.text)).join('');
  }

  #include(rest: readonly Token[], first: Token): void {
    const tokens = trimTokens(this.#defines.expand(rest));
    const name = tokens[0]?.kind === 'str' ? bytesToText(stringBytes(tokens[0].text)) : tokensText(tokens).replace(/^<|>$/g, '');
    if (name === '') throw new LineError(say`expected the name of a file in quotes after %include`, first.column);
    const source = this.#read(name, this.#input.line.file);
    if (source === undefined) throw new LineError(say`there is no file \`${name}\` to include`, tokens[0].column);
    this.#input.push({ kind: 'file', lines: splitLines(source.path, source.text), origin: this.#input.frame.origin });
  }
}

const DIRECTIVES: readonly string[] = [
  ...TEXT_DIRECTIVES,
  ...'if ifdef ifndef ifidn ifidni ifnum ifstr ifid ifempty ifmacro elif elifdef elifndef elifidn else endif'.split(' '),
  ...'macro imacro endmacro unmacro rep endrep exitrep exitmacro include rotate push pop error warning fatal'.split(' '),
].map((word) => `%${word}`);
