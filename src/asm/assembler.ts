import { say } from '../lib/say.ts';
import { dataSize, emitData, parseIncbin, reserveCount, reserveSize } from './data.ts';
import { directive } from './directives.ts';
import type { Emission, Recorder } from './emission.ts';
import { encode, type Output } from './encode.ts';
import { type Diagnostics, FatalError, LineError, type Position } from './errors.ts';
import { Cursor, evaluate, type Scope, type SymbolValue } from './expression.ts';
import { NAMES } from './forms.ts';
import { nameOf, type Token } from './lexer.ts';
import { type Instruction, type Matched, match, type Reach } from './match.ts';
import { type Prefixes, parseOperands } from './operand.ts';
import { beginsStatement, isOperation, nearestOperation, takePrefix, unknownOperation } from './operations.ts';
import { parsePragma } from './pragmas.ts';
import type { Line } from './preprocess/frames.ts';
import type { MacroTable } from './preprocess/macro-table.ts';
import { type Fixup, Section } from './sections.ts';
import type { Symbols } from './symbols.ts';
import { isUnknown, NO_SECTION, plain, SCALAR, SECTION } from './vector.ts';
import { register } from './words.ts';

export type ReadBytes = (name: string, from: string) => Uint8Array | undefined;

const MAX_IMAGE = 1 << 28;
const MAX_WORK = 20_000_000;

/** What is left of a `%1` outside its macro, and of `%2` for a remainder. */
function rejectParameters(tokens: readonly Token[]): void {
  const found = tokens.find((token) => token.kind === 'pp' && /^%[-+*]?\d/.test(token.text));
  if (found !== undefined)
    throw new LineError(
      say`\`${found.text}\` is a parameter, and this is no macro`,
      found.column,
      say`for a remainder write % ${found.text.slice(1)}`,
    );
}

/** LOCK goes with the instructions that read, change and write memory. */
const canBeLocked = ({ form, operands }: Matched): boolean => form.row.lock === true && operands.some(({ kind }) => kind === 'memory');

/** One pass over the lines. */
export class Assembler implements Scope {
  readonly sections: Section[] = [new Section('.text', 0)];
  readonly symbols: Symbols;
  readonly diagnostics: Diagnostics;
  readonly final: boolean;
  readonly #readBytes: ReadBytes;
  readonly #recorder: Recorder;
  readonly #macros: MacroTable;
  bits: 16 | 32 = 16;
  origin: number | undefined;
  section: Section = this.sections[0];
  /** Where `absolute` points, or undefined in a section; a structure is not memory. */
  absolute: { section: number; offset: number; structure: boolean } | undefined;
  line!: Line;
  #lineStart = 0;
  #work = 0;

  constructor(symbols: Symbols, diagnostics: Diagnostics, final: boolean, readBytes: ReadBytes, recorder: Recorder, macros: MacroTable) {
    this.symbols = symbols;
    this.diagnostics = diagnostics;
    this.final = final;
    this.#readBytes = readBytes;
    this.#recorder = recorder;
    this.#macros = macros;
    this.#nameSection(this.section);
  }

  /** The section of a name, made when it is met first. */
  enterSection(name: string): Section {
    let found = this.sections.find((candidate) => candidate.name === name);
    if (found === undefined) {
      found = new Section(name, this.sections.length);
      this.sections.push(found);
      this.#nameSection(found);
    }
    this.absolute = undefined;
    this.section = found;
    this.mark();
    return found;
  }

  #nameSection(section: Section): void {
    this.symbols.defineBuiltin(`section.${section.name}.start`, { section: section.physical, offset: 0n });
    this.symbols.defineBuiltin(`section.${section.name}.vstart`, { section: section.virtual, offset: 0n });
  }

  here(): SymbolValue {
    if (this.absolute !== undefined) return { section: this.absolute.section, offset: BigInt(this.#lineStart) };
    return { section: this.section.virtual, offset: BigInt(this.#lineStart) };
  }

  lookup(name: string): SymbolValue | undefined {
    return this.symbols.lookup(name);
  }

  suggest(name: string): string {
    return isOperation(name.toLowerCase()) ? say`an instruction stands on a line of its own` : this.symbols.suggest(name);
  }

  get offset(): number {
    return this.absolute !== undefined ? this.absolute.offset : this.section.size;
  }

  position(column: number): Position {
    const { file, line } = this.line.source;
    return { file, line, column };
  }

  /** Assembles one line. */
  assemble(line: Line): void {
    this.line = line;
    this.mark();
    if (this.final && line.comment?.[0] === '@') this.#pragma(line, line.comment);
    if (line.tokens.length === 0) return;
    try {
      if (line.tokens[0].text === '[' && line.tokens[0].kind === 'op') directive(this, new Cursor(line.tokens));
      else this.#statement(new Cursor(line.tokens));
    } catch (error) {
      if (!(error instanceof LineError)) throw error;
      this.error(error.column, error.message, error.hint);
    }
  }

  #pragma(line: Line, comment: string): void {
    const pragma = parsePragma(comment);
    if (pragma?.kind === 'role') this.#recorder.setRole(pragma.role);
    else if (pragma?.kind === 'goal') this.#recorder.goal(pragma.text, line, this.#place());
    else if (pragma !== undefined) this.diagnostics.warning(this.position(line.source.text.indexOf(';@') + 1), pragma.message, pragma.hint);
  }

  /** `$` is here from now on. */
  mark(): void {
    this.#lineStart = this.offset;
  }

  error(column: number, message: string, hint = ''): void {
    const { origin } = this.line;
    const text = origin === undefined ? message : say`${message} (in macro \`${origin.macro}\`, used at ${origin.file}:${origin.line})`;
    this.diagnostics.error(this.position(column), text, hint);
  }

  #statement(cursor: Cursor): void {
    const first = cursor.token as Token;
    rejectParameters(cursor.tokens);
    const label = this.#label(cursor);
    if (label !== undefined && cursor.text.toLowerCase() === 'equ' && cursor.token?.kind === 'id') {
      this.#equ(label, cursor);
      return;
    }
    if (label !== undefined) {
      const kind = this.absolute?.structure ? 'field' : 'label';
      this.symbols.define(nameOf(label), this.here(), kind, this.position(label.column));
    }
    const { times, prefixes } = this.#prefixes(cursor);
    if (cursor.ended) {
      this.#prefixesAlone(prefixes, times, first.column);
      return;
    }
    this.#operation(cursor, times, prefixes);
  }

  /** Takes a label from the start of a line: a name with a colon, or a name that means nothing else. */
  #label(cursor: Cursor): Token | undefined {
    const token = cursor.token as Token;
    if (token.kind !== 'id') return undefined;
    const next = cursor.tokens[1];
    const colon = next?.kind === 'op' && next.text === ':';
    const word = token.text.toLowerCase();
    if (!colon && token.text[0] !== '$') {
      if (beginsStatement(word) || word === 'equ') return undefined;
      const follows = next?.kind === 'id' && (beginsStatement(next.text.toLowerCase()) || next.text.toLowerCase() === 'equ');
      if (!follows && next !== undefined) throw unknownOperation(token, this.#macros);
      if (!follows) this.#orphan(token);
    }
    if (register(word) !== undefined && token.text[0] !== '$')
      throw new LineError(say`\`${token.text}\` is a register and cannot be a label`, token.column, say`choose another name`);
    cursor.at = colon ? 2 : 1;
    return token;
  }

  /** A word alone on a line: a label without colon, or a misspelled instruction. */
  #orphan(token: Token): void {
    const fix = nearestOperation(token.text, this.#macros);
    if (fix === undefined || token.text[0] === '.') return;
    const message = `\`${token.text}\` alone on a line is taken as a label`;
    this.diagnostics.warning(this.position(token.column), message, say`write a colon after a label; or did you mean ${fix}?`);
  }

  #prefixes(cursor: Cursor): { times: number; prefixes: Prefixes } {
    const prefixes: Prefixes = {};
    let times = 1;
    for (;;) {
      if (cursor.token?.kind === 'id' && cursor.text.toLowerCase() === 'times') {
        cursor.at++;
        times = this.#count(cursor);
      } else if (!takePrefix(cursor, prefixes)) return { times, prefixes };
    }
  }

  #count(cursor: Cursor): number {
    const { vector, column } = evaluate(cursor, this, this.final);
    if (isUnknown(vector)) return 0;
    const count = plain(vector);
    if (count === undefined)
      throw new LineError(say`times needs a plain number, found an address`, column, say`subtract another label or $$ to make it a number`);
    if (count < 0n) {
      if (this.final)
        throw new LineError(say`times has a negative count: ${count}`, column, say`what stands before is ${-count} bytes too long`);
      return 0;
    }
    if (count > BigInt(MAX_IMAGE)) throw new LineError(say`times ${count} is too large`, column);
    return Number(count);
  }

  #prefixesAlone(prefixes: Prefixes, count: number, column: number): void {
    const name = Object.keys(prefixes)[0];
    if (name === undefined) return;
    const output = this.#output();
    const nop = NAMES.get('nop');
    if (nop === undefined) return;
    const matched = match({ name: 'nop', column, operands: [], prefixes }, nop, this.bits, () => 'near');
    encode(matched, { section: NO_SECTION, offset: 0 }, output);
    output.bytes.pop();
    this.#put(output, count, 'instruction', column);
  }

  #equ(label: Token, cursor: Cursor): void {
    cursor.at++;
    const { vector, column } = evaluate(cursor, this, this.final);
    if (!cursor.ended) throw new LineError(say`expected the end of the line, found ${cursor.found()}`, cursor.column);
    if (isUnknown(vector)) return;
    const sections = vector.filter((term) => term.type >= SECTION && term.value !== 0n);
    if (vector.some((term) => term.type < SCALAR && term.value !== 0n) || sections.length > 1 || (sections[0]?.value ?? 1n) !== 1n) {
      throw new LineError(say`equ needs a number or one address plus a number`, column);
    }
    const section = sections.length === 0 ? NO_SECTION : sections[0].type - SECTION;
    const offset = vector.find((term) => term.type === SCALAR)?.value ?? 0n;
    this.symbols.define(nameOf(label), { section, offset }, 'constant', this.position(label.column));
  }

  #operation(cursor: Cursor, times: number, prefixes: Prefixes): void {
    const token = cursor.token as Token;
    const word = token.text.toLowerCase();
    if (token.kind !== 'id') throw new LineError(say`expected an instruction, found ${cursor.found()}`, token.column);
    const data = dataSize(word);
    const reserve = reserveSize(word);
    if (data !== undefined) {
      cursor.at++;
      const output = this.#output();
      emitData(cursor, data, this, this.final, output);
      this.#put(output, times, 'data', token.column);
    } else if (reserve !== undefined) {
      cursor.at++;
      this.#reserve(reserveCount(cursor, this, this.final) * reserve * times, token.column);
    } else if (word === 'incbin') {
      cursor.at++;
      this.#incbin(cursor, times);
    } else if (word === 'equ') throw new LineError(say`equ needs a name before it`, token.column, say`write: name equ value`);
    else this.#instruction(cursor, times, prefixes, token, word);
  }

  #instruction(cursor: Cursor, times: number, prefixes: Prefixes, token: Token, word: string): void {
    const name = NAMES.get(word);
    if (name === undefined) throw unknownOperation(token, this.#macros);
    cursor.at++;
    const operands = parseOperands(cursor, this, this.final, prefixes);
    const instruction: Instruction = { name: word, column: token.column, operands, prefixes };
    const relative = name.forms.some((form) => form.row.operands[0]?.[0] === 'J');
    const rounds = relative ? times : Math.min(times, 1);
    for (let n = 0; n < rounds; n++) {
      const matched = match(instruction, name, this.bits, this.#reach);
      const output = this.#output();
      if (prefixes.lock !== undefined && !canBeLocked(matched))
        output.warn(
          token.column,
          say`${word} cannot be locked here: the processor raises #UD`,
          say`leave out lock, or make the destination memory`,
        );
      encode(matched, { section: this.absolute?.section ?? this.section.virtual, offset: this.offset }, output);
      this.#put(output, relative ? 1 : times, 'instruction', token.column);
    }
  }

  readonly #reach: Reach = (target, length) => {
    if (target.unknown) return 'unknown';
    const own = this.absolute?.section ?? this.section.virtual;
    const terms = target.vector.filter((term) => term.type >= SECTION && term.value !== 0n);
    if ((terms.length === 0 ? NO_SECTION : terms[0].type - SECTION) !== own) return 'far';
    const distance = (target.vector.find((term) => term.type === SCALAR)?.value ?? 0n) - BigInt(this.offset + length);
    return distance >= -128n && distance <= 127n ? 'near' : 'far';
  };

  #incbin(cursor: Cursor, times: number): void {
    const { name, column, skip, length } = parseIncbin(cursor, this);
    const bytes = this.#readBytes(name, this.line.source.file);
    if (bytes === undefined) throw new LineError(say`there is no file \`${name}\` to take bytes from`, column);
    const part = bytes.subarray(
      Math.min(skip, bytes.length),
      length === undefined ? undefined : Math.min(skip + Math.max(length, 0), bytes.length),
    );
    this.#store(part, [], times, 'data', column);
  }

  #output(): Output {
    const warn = (column: number, message: string, hint = ''): void => {
      if (this.final) this.diagnostics.warning(this.position(column), message, hint);
    };
    return { bytes: [], fixups: [], warn };
  }

  #put(output: Output, times: number, kind: Emission['kind'], column: number): void {
    this.#store(output.bytes, output.fixups, times, kind, column);
  }

  #store(bytes: ArrayLike<number>, fixups: readonly Fixup[], times: number, kind: Emission['kind'], column: number): void {
    const length = bytes.length * times;
    this.#spend(bytes.length === 1 ? 1 : times, length, column);
    if (length === 0) return;
    if (this.absolute !== undefined) {
      if (this.final)
        throw new LineError(
          say`there is nowhere to store this: absolute space and structures have no bytes`,
          column,
          say`use resb, or go back to a section`,
        );
      this.absolute.offset += length;
      return;
    }
    const { section } = this;
    this.#record(kind, length);
    if (section.kind === 'nobits') {
      if (this.final)
        this.diagnostics.warning(
          this.position(column),
          say`section ${section.name} has no bytes in the image: what is stored here is lost`,
          say`use resb, or section .data`,
        );
    } else if (this.final) {
      for (let n = 0; n < times; n++)
        for (const fixup of fixups) section.fixups.push({ ...fixup, at: fixup.at + section.size + n * bytes.length });
    }
    section.append(bytes, times);
  }

  #reserve(length: number, column: number): void {
    if (length === 0) return;
    this.#spend(1, this.absolute === undefined && this.section.kind !== 'nobits' ? length : 0, column);
    this.#record('reserve', length);
    if (this.absolute !== undefined) this.absolute.offset += length;
    else {
      if (this.section.kind !== 'nobits' && this.final)
        this.diagnostics.warning(
          this.position(column),
          say`section ${this.section.name} is stored in the image: the reserved bytes are zeros there`,
        );
      this.section.reserve(length);
    }
  }

  #spend(work: number, bytes: number, column: number): void {
    this.#work += work;
    if (this.#work > MAX_WORK) throw new FatalError(say`there is too much to assemble`);
    if (this.offset + bytes > MAX_IMAGE) throw new LineError(say`the image would be larger than 256 MiB`, column);
  }

  #record(kind: Emission['kind'], length: number): void {
    if (!this.final || this.absolute?.structure) return;
    this.#recorder.emit({ ...this.#place(), line: this.line, kind, length, role: this.#recorder.role });
  }

  #place(): Pick<Emission, 'section' | 'absolute' | 'offset'> {
    const { absolute, section, offset } = this;
    return { section: absolute?.section ?? section.virtual, absolute: absolute !== undefined, offset };
  }
}
