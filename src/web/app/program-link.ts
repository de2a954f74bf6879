/**
 * A program inside a link: `s` is base64url(deflate-raw(JSON)), where the JSON holds the source, what the machine is to be,
 * and a check over both, so that a link that lost or changed a character never opens another program.
 */
import { deflateSync, inflateSync } from 'fflate';

/** Options as the link's own parameters print them. */
export type ProgramOptions = Readonly<Partial<Record<OptionName, string>>>;
export type OptionName = (typeof OPTIONS)[number];

export interface PackedProgram {
  readonly source: string;
  readonly options: ProgramOptions;
}

/** What can be wrong, as the end of a sentence that begins “This link is damaged: ”. */
export class Damaged extends Error {}

/** In the order in which they are printed. */
const OPTIONS = ['vmm', 'paging', 'vms'] as const;

/** Characters of `s`: what is longer is a file, not a link. */
const MOST_CHARACTERS = 1 << 17;
const MOST_BYTES = 1 << 18;

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true });

/** The JSON without its check: equal programs have equal texts. */
function canonical({ source, options }: PackedProgram): string {
  const fields: Record<string, string> = { source };
  for (const name of OPTIONS) {
    const value = options[name];
    if (value !== undefined) fields[name] = value;
  }
  return JSON.stringify(fields);
}

/** CRC-32 (as in zip and gzip) of the text in UTF-8, as eight hexadecimal digits. */
export function checkOf(text: string): string {
  let crc = -1;
  for (const byte of encoder.encode(text)) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return (~crc >>> 0).toString(16).padStart(8, '0');
}

export function packProgram(program: PackedProgram): string {
  const text = canonical(program);
  const checked = `${text.slice(0, -1)},"check":"${checkOf(text)}"}`;
  return toBase64Url(deflateSync(encoder.encode(checked), { level: 9 }));
}

/** Throws Damaged. */
export function unpackProgram(packed: string): PackedProgram {
  if (packed.length > MOST_CHARACTERS)
    throw new Damaged(`its program takes ${packed.length} characters, and ${MOST_CHARACTERS} is the most`);
  const fields = parse(inflate(fromBase64Url(packed)));
  const { check, source, ...rest } = fields;
  if (typeof source !== 'string') throw new Damaged('its program has no source');
  const options: Partial<Record<OptionName, string>> = {};
  for (const [name, value] of Object.entries(rest)) {
    const known = OPTIONS.find((option) => option === name);
    if (known === undefined || typeof value !== 'string') throw new Damaged('its program asks for something that this page does not know');
    options[known] = value;
  }
  const program = { source, options };
  if (check !== checkOf(canonical(program))) throw new Damaged('its program was changed on the way: its check does not fit');
  return program;
}

function inflate(bytes: Uint8Array): string {
  try {
    const inflated = inflateSync(bytes, { out: new Uint8Array(MOST_BYTES + 1) });
    if (inflated.length > MOST_BYTES) throw new Damaged('its program is too large');
    return decoder.decode(inflated);
  } catch (error) {
    if (error instanceof Damaged) throw error;
    throw new Damaged('its program is cut off or was changed on the way');
  }
}

function parse(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Readonly<Record<string, unknown>>;
  } catch {
    // As what is no object: nothing that can be read.
  }
  throw new Damaged('its program is cut off or was changed on the way');
}

function toBase64Url(bytes: Uint8Array): string {
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
}

function fromBase64Url(text: string): Uint8Array {
  const digits = text.replace(/=+$/, '');
  if (!/^[\w-]+$/.test(digits) || digits.length % 4 === 1) throw new Damaged('its program is cut off or was changed on the way');
  const binary = atob(digits.replace(/-/g, '+').replace(/_/g, '/'));
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}
