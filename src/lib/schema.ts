/** Holds a value against a JSON Schema: the part of it that our own files need, with messages for people. */
import type { JsonPath } from './json.ts';
import { say } from './say.ts';

/** Of JSON Schema 2020-12. */
export interface Schema {
  readonly $schema?: string;
  readonly $id?: string;
  readonly title?: string;
  readonly description?: string;
  readonly type?: 'object' | 'array' | 'string' | 'integer' | 'boolean';
  readonly const?: string;
  readonly enum?: readonly string[];
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: false;
  /** Exactly one of these members. */
  readonly oneOf?: readonly { readonly required: readonly [string] }[];
}

/** What a schema takes, as a type; of a member that is not required, or undefined. */
export type Taken<S> = S extends { readonly const: infer Only }
  ? Only
  : S extends { readonly enum: readonly (infer One)[] }
    ? One
    : S extends { readonly type: 'string' }
      ? string
      : S extends { readonly type: 'integer' }
        ? number
        : S extends { readonly type: 'boolean' }
          ? boolean
          : S extends { readonly type: 'array'; readonly items: infer Item }
            ? readonly Taken<Item>[]
            : S extends { readonly type: 'object'; readonly properties: infer P; readonly required: readonly (infer R)[] }
              ? { readonly [N in keyof P & R]: Taken<P[N]> } & { readonly [N in Exclude<keyof P, R>]?: Taken<P[N]> }
              : never;

export interface Problem {
  readonly path: JsonPath;
  readonly message: string;
}

/** Everything that is wrong with a value, in its order. */
export function problemsOf(value: unknown, schema: Schema, path: JsonPath = []): readonly Problem[] {
  if (!fits(value, schema)) return [{ path, message: say`expected ${wanted(schema)}, found ${shown(value)}` }];
  if (Array.isArray(value)) return value.flatMap((item, k) => problemsOf(item, schema.items ?? {}, [...path, k]));
  return isObject(value) ? problemsOfMembers(value, schema, path) : [];
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null;

function problemsOfMembers(value: Readonly<Record<string, unknown>>, schema: Schema, path: JsonPath): readonly Problem[] {
  const { properties = {}, required = [], oneOf } = schema;
  const names = Object.keys(properties);
  const problems: Problem[] = [];
  for (const name of required)
    if (value[name] === undefined)
      problems.push({ path, message: say`“${name}” is missing: ${properties[name]?.description ?? wanted(properties[name] ?? {})}` });
  const ways = (oneOf ?? []).map(({ required: [name] }) => name);
  const there = ways.filter((name) => value[name] !== undefined);
  if (ways.length > 0 && there.length !== 1) {
    const all = ways.map((name) => `“${name}”`).join(', ');
    problems.push({ path, message: there.length === 0 ? say`expected one of ${all}, found none` : say`expected only one of ${all}` });
  }
  for (const [name, member] of Object.entries(value)) {
    const known = Object.hasOwn(properties, name) ? properties[name] : undefined;
    if (known !== undefined) problems.push(...problemsOf(member, known, [...path, name]));
    else if (schema.additionalProperties === false)
      problems.push({ path: [...path, name], message: say`there is no “${name}” here: there are ${names.join(', ')}` });
  }
  return problems;
}

function fits(value: unknown, schema: Schema): boolean {
  if (schema.const !== undefined) return value === schema.const;
  if (schema.enum !== undefined) return schema.enum.includes(value as string);
  switch (schema.type) {
    case 'string':
      return (
        typeof value === 'string' &&
        value.length >= (schema.minLength ?? 0) &&
        value.length <= (schema.maxLength ?? Number.POSITIVE_INFINITY) &&
        (schema.pattern === undefined || new RegExp(schema.pattern, 'u').test(value))
      );
    case 'integer':
      return (
        Number.isSafeInteger(value) &&
        (value as number) >= (schema.minimum ?? Number.NEGATIVE_INFINITY) &&
        (value as number) <= (schema.maximum ?? Number.POSITIVE_INFINITY)
      );
    case 'boolean':
      return typeof value === 'boolean';
    case 'array':
      return Array.isArray(value) && value.length >= (schema.minItems ?? 0);
    case 'object':
      return isObject(value) && !Array.isArray(value);
    default:
      return true;
  }
}

/** What a schema takes, in words. */
function wanted({ type, const: only, enum: some, pattern, minLength, maxLength, minimum, maximum, minItems }: Schema): string {
  if (only !== undefined) return `"${only}"`;
  if (some !== undefined) return say`one of ${some.map((one) => `"${one}"`).join(', ')}`;
  switch (type) {
    case 'string':
      if (pattern !== undefined) return say`a text of the form ${pattern}`;
      if (maxLength !== undefined) return say`a text of ${minLength ?? 0} to ${maxLength} characters`;
      return say`a text in double quotes`;
    case 'integer':
      return maximum === undefined ? say`a whole number from ${minimum ?? 0} on` : say`a whole number from ${minimum ?? 0} to ${maximum}`;
    case 'boolean':
      return say`true or false`;
    case 'array':
      return minItems === undefined ? say`a list in [ ]` : say`a list in [ ] that is not empty`;
    default:
      return say`an object in { }`;
  }
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? '';
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}
