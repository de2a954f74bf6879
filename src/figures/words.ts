import { say, worded } from '../lib/say.ts';
import type { Ring, TranslationKind, Who } from '../session/views.ts';

/** The numeral of a ring as it is printed: a real minus sign for the nickname. */
export function ringNumeral(ring: Ring): string {
  return ring === 'm' ? '−1' : ring;
}

/** What a monitor has done with an instruction that it translated. */
export const TRANSLATION_WORDS: Readonly<Record<TranslationKind, string>> = {
  copied: worded('copied'),
  rewritten: worded('rewritten'),
  callout: worded('callout'),
  substituted: worded('callout, once copied'),
};

/** `VM 1 · kernel, ring 0` */
export function whoText(who: Who): string {
  const name =
    who.role === 'program'
      ? who.name || say`program`
      : who.role === 'monitor'
        ? who.ring === 'm'
          ? say`hypervisor`
          : who.vm > 0
            ? say`inner hypervisor`
            : say`monitor`
        : kernelName(who.name || who.role);
  const place = who.vm > 0 && who.role !== 'monitor' ? say`VM ${who.vm}` : '';
  const person = name === 'unknown' ? '' : name;
  const subject = [place, person].filter(Boolean).join(' · ');
  const ring = ringNumeral(who.ring);
  return subject ? say`${subject}, ring ${ring}` : say`ring ${ring}`;
}

/** A kernel that has no name of its own has the language's word for one. */
const kernelName = (name: string): string => (name === 'kernel' ? say`kernel` : name);

/** Eight upper-case digits, or as many as asked for. */
export function hex(value: number, digits = 8): string {
  return (value >>> 0).toString(16).toUpperCase().padStart(digits, '0');
}

/** `28h`; a zero goes before a leading letter, as assemblers want it. */
export function hexh(value: number, digits = 1): string {
  return `${hex(value, digits)}h`;
}

/** `20,481`, with the language's mark between thousands. */
export function count(value: number): string {
  return Math.round(value)
    .toString()
    .replace(/\B(?=(\d{3})+$)/g, say`,`);
}
