/** Random programs full of jumps, and of numbers that depend on the distances between labels. */
import { random } from './corpus.ts';

/** The same seed gives the same program. */
export function program(seed: number): string {
  const next = random(seed);
  const below = (n: number): number => Math.floor(next() * n);
  const length = 50 + below(250);
  const labels = 10 + below(20);
  const label = (): string => `l${below(labels)}`;
  const sections = seed % 10 === 0;
  const at = new Map<number, string[]>();
  for (let i = 0; i < labels; i++) {
    const place = below(length);
    at.set(place, [...(at.get(place) ?? []), `l${i}:`]);
  }
  const kinds: readonly (() => string)[] = [
    () => `jmp ${label()}`,
    () => `jz ${label()}`,
    () => `jnc ${label()}`,
    () => `call ${label()}`,
    () => 'nop',
    () => `times ${below(60)} nop`,
    () => `add eax, ${label()}-${label()}`,
    () => `push ${label()}-${label()}`,
    () => `mov ebx, [esi+${label()}-${label()}]`,
    () => `mov [${label()}], ax`,
    () => `align ${[2, 4, 8, 16][below(4)]}`,
    () => `imul ecx, edx, ${label()}-${label()}`,
    () => `add word [bx], ${label()}-${label()}+5`,
    () => `shl eax, ${label()}-${label()}`,
    () => `times 3 jmp ${label()}`,
    () => `cmp byte [ebx+${label()}-$], 1`,
    () => (sections ? 'section .data' : 'nop'),
    () => (sections ? 'section .text' : 'ret'),
    () => `dd ${label()}`,
  ];
  const lines = [`bits ${next() < 0.5 ? 16 : 32}`, 'org 0x1000'];
  for (let i = 0; i < length; i++) lines.push(...(at.get(i) ?? []), kinds[below(kinds.length)]());
  return `${lines.join('\n')}\nnop\n`;
}
