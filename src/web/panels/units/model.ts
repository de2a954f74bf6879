import { count, TRANSLATION_WORDS } from '../../../figures/words.ts';
import { say, told } from '../../../lib/say.ts';
import type { TranslationKind, TranslationView } from '../../../session/views.ts';

/** `Unit 12 of VM 1’s 84, switch` */
export function unitTitle({ vm, units, unit }: TranslationView): string {
  if (unit === null) return say`${count(units)} units of VM ${vm}`;
  const which = say`Unit ${count(unit.number)} of VM ${vm}’s ${count(units)}`;
  return unit.label === '' ? which : `${which}, ${unit.label}`;
}

export interface Share {
  readonly kind: TranslationKind;
  readonly text: string;
  /** Of all instructions, from 0 to 1. */
  readonly share: number;
}

/** Of all instructions that were translated, how many were treated in which way; what never happened is left out. */
export function shares({ kinds }: TranslationView): readonly Share[] {
  const all = kinds.reduce((sum, one) => sum + one.count, 0);
  return kinds
    .filter((one) => one.count > 0)
    .map((one) => ({
      kind: one.kind,
      text: `${told(TRANSLATION_WORDS[one.kind])} ${count(one.count)}`,
      share: one.count / Math.max(1, all),
    }));
}

/** What has happened to the cache since power-on. */
export function cacheSentence({ bytes, chained, callouts, adapted, flushes }: TranslationView): string {
  const parts = [
    say`${count(bytes)} bytes of cache`,
    say`${count(chained)} ways out joined by a jump`,
    say`${count(callouts)} callouts`,
    ...(adapted > 0 ? [say`${count(adapted)} instructions made anew because they kept writing to watched pages`] : []),
    ...(flushes > 0 ? [flushes === 1 ? say`emptied once` : say`emptied ${count(flushes)} times`] : []),
  ];
  return `${parts.join(', ')}.`;
}
