/**
 * What is too much for parameters: `s` is base64url(deflate-raw(JSON)), where the JSON holds a program, changes of sources, what is typed, or a
 * whole file, and a check over all of it, so that a link that lost or changed a character never opens another machine. docs/links.md has the form.
 */
import { deflateSync, inflateSync } from 'fflate';
import { crc32 } from '../../lib/crc32.ts';
import { say } from '../../lib/say.ts';
import type { Hunk, SourceEdit, Typed } from '../../session/views.ts';

/** Options as the link's own parameters print them. */
export type PackedOptions = Readonly<Partial<Record<OptionName, string>>>;
type OptionName = (typeof OPTIONS)[number];

/** A lesson or a scenario file: its name, for messages, and its text. */
export interface PackedFile {
  readonly name: string;
  readonly text: string;
}

export interface Packed {
  /** In place of all else. */
  readonly file?: PackedFile;
  readonly source?: string;
  readonly scenario?: string;
  readonly options: PackedOptions;
  readonly edits: readonly SourceEdit[];
  readonly inputs: readonly Typed[];
}

/** What is wrong, as the end of a sentence that begins “This link is damaged: ”. */
class Unreadable extends Error {}

/** In the order in which they are printed. */
const OPTIONS = ['vmm', 'paging', 'vms', 'cpu', 'costs'] as const;

/** Characters of `s`: what is longer is a file, not a link. */
const MOST_CHARACTERS = 1 << 17;
const MOST_BYTES = 1 << 18;

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true });

/** The JSON without its check: what is equal has equal texts. */
function canonical({ file, source, scenario, options, edits, inputs }: Packed): string {
  if (file) return JSON.stringify({ name: file.name, file: file.text });
  const fields: Record<string, unknown> = source === undefined ? { scenario } : { source };
  for (const name of OPTIONS) if (options[name] !== undefined) fields[name] = options[name];
  if (edits.length > 0) fields.changes = edits.map(({ path, of, hunks }) => [path, of, ...hunks]);
  if (inputs.length > 0) fields.inputs = inputs;
  return JSON.stringify(fields);
}

export function pack(packed: Packed): string {
  const text = canonical(packed);
  const checked = `${text.slice(0, -1)},"check":"${crc32(text)}"}`;
  return toBase64Url(deflateSync(encoder.encode(checked), { level: 9 }));
}

/** What is inside; or what is wrong with it, in words. */
export function unpack(value: string): Packed | string {
  try {
    return read(value);
  } catch (error) {
    if (error instanceof Unreadable) return error.message;
    throw error;
  }
}

function read(value: string): Packed {
  if (value.length > MOST_CHARACTERS)
    throw new Unreadable(say`its program takes ${value.length} characters, and ${MOST_CHARACTERS} is the most`);
  const { check, name, file, source, scenario, changes, inputs, ...rest } = parse(inflate(fromBase64Url(value)));
  const unknown = () => new Unreadable(say`its program asks for something that this page does not know`);
  const options: Partial<Record<OptionName, string>> = {};
  for (const [key, option] of Object.entries(rest)) {
    const known = OPTIONS.find((one) => one === key);
    if (known === undefined || typeof option !== 'string') throw unknown();
    options[known] = option;
  }
  const edits = list(changes).map(editOf);
  const typed = list(inputs).map(typedOf);
  const beside = Object.keys(rest).length + edits.length + typed.length;
  let packed: Packed;
  if (typeof file === 'string' && typeof name === 'string') {
    if (beside > 0 || source !== undefined || scenario !== undefined) throw unknown();
    packed = { file: { name, text: file }, options: {}, edits, inputs: typed };
  } else if (file !== undefined || name !== undefined) throw unknown();
  else if (typeof source === 'string' && scenario === undefined) packed = { source, options, edits, inputs: typed };
  else if (typeof scenario === 'string' && source === undefined) packed = { scenario, options, edits, inputs: typed };
  else throw new Unreadable(say`its program has no source`);
  if (check !== crc32(canonical(packed))) throw new Unreadable(say`its program was changed on the way: its check does not fit`);
  return packed;
}

function list(value: unknown): readonly unknown[] {
  if (value === undefined) return [];
  if (!Array.isArray(value) || value.length === 0) throw cut();
  return value;
}

const isCount = (value: unknown, least: number): value is number => Number.isSafeInteger(value) && (value as number) >= least;

const PATH = /^[a-z0-9][\w./-]{0,99}$/i;

function editOf(value: unknown): SourceEdit {
  const [path, of, ...hunks] = list(value);
  if (typeof path !== 'string' || !PATH.test(path) || typeof of !== 'string' || !/^([\da-f]{8})?$/.test(of)) throw cut();
  return { path, of, hunks: hunks.map(hunkOf) };
}

function hunkOf(value: unknown): Hunk {
  const [line, gone, ...come] = list(value);
  if (!isCount(line, 1) || !isCount(gone, 0) || !come.every((text) => typeof text === 'string' && !text.includes('\n'))) throw cut();
  return [line, gone, ...(come as string[])];
}

function typedOf(value: unknown): Typed {
  const [n, console, text, ...more] = list(value);
  if (!isCount(n, 0) || !isCount(console, 0) || typeof text !== 'string' || !/^[\0-\u00ff]+$/.test(text) || more.length > 0) throw cut();
  return [n, console, text];
}

function inflate(bytes: Uint8Array): string {
  try {
    const inflated = inflateSync(bytes, { out: new Uint8Array(MOST_BYTES + 1) });
    if (inflated.length > MOST_BYTES) throw new Unreadable(say`its program is too large`);
    return decoder.decode(inflated);
  } catch (error) {
    if (error instanceof Unreadable) throw error;
    throw cut();
  }
}

function parse(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Readonly<Record<string, unknown>>;
  } catch {
    // As what is no object: nothing that can be read.
  }
  throw cut();
}

const cut = () => new Unreadable(say`its program is cut off or was changed on the way`);

function toBase64Url(bytes: Uint8Array): string {
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
}

function fromBase64Url(text: string): Uint8Array {
  const digits = text.replace(/=+$/, '');
  if (!/^[\w-]+$/.test(digits) || digits.length % 4 === 1) throw cut();
  const binary = atob(digits.replace(/-/g, '+').replace(/_/g, '/'));
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}
