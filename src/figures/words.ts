import type { Ring, TranslationKind, Who } from '../session/views.ts';

/** The numeral of a ring as it is printed: a real minus sign for the nickname. */
export function ringNumeral(ring: Ring): string {
  return ring === 'm' ? '−1' : ring;
}

/** What a monitor has done with an instruction that it translated. */
export const TRANSLATION_WORDS: Readonly<Record<TranslationKind, string>> = {
  copied: 'copied',
  rewritten: 'rewritten',
  callout: 'callout',
  substituted: 'callout, once copied',
};

/** `VM 1 · kernel, ring 0` */
export function whoText(who: Who): string {
  const name =
    who.role === 'program'
      ? who.name || 'program'
      : who.role === 'monitor'
        ? who.ring === 'm'
          ? 'hypervisor'
          : who.vm > 0
            ? 'inner hypervisor'
            : 'monitor'
        : who.name || who.role;
  const place = who.vm > 0 && who.role !== 'monitor' ? `VM ${who.vm}` : '';
  const person = name === 'unknown' ? '' : name;
  const subject = [place, person].filter(Boolean).join(' · ');
  return subject ? `${subject}, ring ${ringNumeral(who.ring)}` : `ring ${ringNumeral(who.ring)}`;
}

/** Eight upper-case digits, or as many as asked for. */
export function hex(value: number, digits = 8): string {
  return (value >>> 0).toString(16).toUpperCase().padStart(digits, '0');
}

/** `28h`; a zero goes before a leading letter, as assemblers want it. */
export function hexh(value: number, digits = 1): string {
  return `${hex(value, digits)}h`;
}

/** `20,481`: the same on every machine, whatever its language. */
export function count(value: number): string {
  return Math.round(value)
    .toString()
    .replace(/\B(?=(\d{3})+$)/g, ',');
}

/** `1 step`, `2 steps`. */
export function plural(value: number, noun: string): string {
  return `${count(value)} ${noun}${value === 1 ? '' : 's'}`;
}
