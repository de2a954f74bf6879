/** JSON with the line of every value, so that a mistake in a file can be told by its place. */
import { say } from './say.ts';

export class JsonError extends Error {
  /** From 1. */
  readonly line: number;
  constructor(line: number, message: string) {
    super(message);
    this.line = line;
  }
}

export type JsonPath = readonly (string | number)[];

export interface ReadJson {
  readonly value: unknown;
  /** The line of a value; of one that is not there, that of what it would be in. */
  lineOf(path: JsonPath): number;
}

/** Deeper than anything that is meant. */
const DEEPEST = 64;

const SPACE = /[ \t\r\n]*/y;
const STRING = /"(?:[^"\\\p{Cc}]|\\.)*"/uy;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?/y;
const WORD = /true|false|null/y;

/** Reads a whole text. Throws JsonError. */
export function readJson(text: string): ReadJson {
  const lines = new Map<string, number>();
  const keyOf = (path: JsonPath) => JSON.stringify(path);
  let at = 0;

  const fail = (message: string): never => {
    throw new JsonError(text.slice(0, at).split('\n').length, message);
  };
  const found = (): string => {
    const rest = text.slice(at, at + 12).split('\n')[0]!;
    return rest === '' ? say`the end` : `“${rest}”`;
  };
  const taken = (pattern: RegExp): string | null => {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (match === null) return null;
    at += match[0].length;
    return match[0];
  };
  const space = () => void taken(SPACE);
  const string = (): string => {
    const token = taken(STRING);
    if (token === null) return fail(say`expected a text in double quotes, closed on its line; found ${found()}`);
    try {
      return JSON.parse(token) as string;
    } catch {
      at -= token.length;
      return fail(say`a backslash stands before one of " \\ / b f n r t u; found ${found()}`);
    }
  };

  const value = (path: JsonPath): unknown => {
    space();
    lines.set(keyOf(path), text.slice(0, at).split('\n').length);
    if (path.length > DEEPEST) return fail(say`this is nested too deeply`);
    if (text[at] === '{') return object(path);
    if (text[at] === '[') return array(path);
    if (text[at] === '"') return string();
    const word = taken(WORD) ?? taken(NUMBER);
    return word === null ? fail(say`expected a value; found ${found()}`) : JSON.parse(word);
  };

  /** Behind a value in brackets: whether another one follows. */
  const more = (end: string): boolean => {
    space();
    if (text[at] === ',') {
      at++;
      space();
      if (text[at] === end) fail(say`no comma stands before ${end}: take it away`);
      return true;
    }
    if (text[at] !== end) fail(say`expected a comma or ${end}; found ${found()}`);
    at++;
    return false;
  };

  const empty = (end: string): boolean => {
    at++;
    space();
    if (text[at] !== end) return false;
    at++;
    return true;
  };

  const object = (path: JsonPath): Record<string, unknown> => {
    const result: Record<string, unknown> = Object.create(null);
    if (empty('}')) return result;
    do {
      space();
      const name = string();
      if (Object.hasOwn(result, name)) fail(say`“${name}” stands here twice`);
      space();
      if (text[at] !== ':') fail(say`expected a colon behind “${name}”; found ${found()}`);
      at++;
      result[name] = value([...path, name]);
    } while (more('}'));
    return result;
  };

  const array = (path: JsonPath): unknown[] => {
    const result: unknown[] = [];
    if (empty(']')) return result;
    do result.push(value([...path, result.length]));
    while (more(']'));
    return result;
  };

  const read = value([]);
  space();
  if (at < text.length) fail(say`expected nothing more; found ${found()}`);
  return {
    value: read,
    lineOf(path) {
      for (let length = path.length; length > 0; length--) {
        const line = lines.get(keyOf(path.slice(0, length)));
        if (line !== undefined) return line;
      }
      return lines.get(keyOf([])) ?? 1;
    },
  };
}
