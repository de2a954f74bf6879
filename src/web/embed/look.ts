import { NUMBERS, type Numbers } from '../../figures/numbers.ts';
import { CONTROLS, PANELS, PREDICTS } from '../../lessons/look-names.ts';

/** How an embed looks and what it lets its reader do: the parts of an address that say nothing about the machine. */

export type EmbedPanel = (typeof PANELS)[number];
export type Controls = (typeof CONTROLS)[number];

export interface Look {
  /** In the order of the layout. */
  readonly panels: readonly EmbedPanel[];
  readonly controls: Controls;
  readonly theme: 'auto' | 'light' | 'dark' | 'contrast';
  readonly motion: 'auto' | 'full' | 'reduced' | 'none';
  readonly numbers: Numbers;
  /** 0.75 to 2. */
  readonly scale: number;
  /** A picture until the reader wants the machine. */
  readonly poster: 'live' | 'static';
  readonly autoplay: boolean;
  /** From the start again when it has ended. */
  readonly loop: boolean;
  /** Steps a second. */
  readonly speed: number;
  /** Questions before steps worth one: `on` can be switched off by the reader where there is room for the switch. */
  readonly predict: (typeof PREDICTS)[number];
  /** Nothing can be typed into the machine. */
  readonly readonly: boolean;
  /** Given back in every message. */
  readonly id: string;
}

export const USUAL_LOOK: Look = {
  panels: ['text', 'rings', 'code'],
  controls: 'basic',
  theme: 'auto',
  motion: 'auto',
  numbers: 'hex',
  scale: 1,
  poster: 'live',
  autoplay: false,
  loop: false,
  speed: 4,
  predict: 'off',
  readonly: false,
  id: '',
};

const oneOf =
  <T extends string>(...values: readonly T[]) =>
  (value: string): T | null =>
    values.find((known) => known === value) ?? null;

const flag = (value: string): boolean | null => (value === '1' || value === '' ? true : value === '0' ? false : null);

const between =
  (least: number, most: number) =>
  (value: string): number | null => {
    const number = /^\d{1,7}(\.\d{1,4})?$/.test(value) ? Number(value) : Number.NaN;
    return number >= least && number <= most ? number : null;
  };

function panels(value: string): readonly EmbedPanel[] | null {
  const names = value.split(',').map(oneOf(...PANELS));
  return names.includes(null) ? null : [...new Set(names as EmbedPanel[])];
}

type Readers = { readonly [Name in keyof Look]: (value: string) => Look[Name] | null };

const readers: Readers = {
  panels,
  controls: oneOf(...CONTROLS),
  theme: oneOf('auto', 'light', 'dark', 'contrast'),
  motion: oneOf('auto', 'full', 'reduced', 'none'),
  numbers: oneOf(...NUMBERS),
  scale: between(0.75, 2),
  poster: oneOf('live', 'static'),
  autoplay: flag,
  loop: flag,
  speed: between(1, 100_000),
  predict: oneOf(...PREDICTS),
  readonly: flag,
  id: (value) => (/^[\w.:-]{1,64}$/.test(value) ? value : null),
};

const ALIASES: Readonly<Record<string, string>> = { readOnly: 'readonly' };

/**
 * What an address says of the look, over `before`; `odd` names the values that are none, which leave things as they were. An empty value
 * brings back the usual one; of a switch it is on.
 */
export function readLook(parameters: Iterable<readonly [string, string]>, before: Look = USUAL_LOOK): { look: Look; odd: string[] } {
  let look = before;
  const odd: string[] = [];
  for (const [written, value] of parameters) {
    const name = ALIASES[written] ?? written;
    if (!Object.hasOwn(readers, name)) continue;
    const usual = USUAL_LOOK[name as keyof Look];
    const read = value === '' && typeof usual !== 'boolean' ? usual : readers[name as keyof Look](value);
    if (read === null) odd.push(`${written}=${value}`);
    else look = { ...look, [name]: read };
  }
  return { look, odd };
}

/** The parameters behind `#`. */
export function parametersOf(hash: string): [string, string][] {
  return [...new URLSearchParams(hash.replace(/^#/, '').replace(/\+/g, '%2B'))];
}

export const isLookName = (name: string): boolean => Object.hasOwn(readers, name) || Object.hasOwn(ALIASES, name);
