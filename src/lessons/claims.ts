import type { StageView } from '../session/views.ts';
import type { Claim } from './lesson.ts';

/** What a view says about the subject of a claim. */
export function found({ about, value }: Claim, view: StageView): string {
  switch (about) {
    case 'ring':
      return view.rings.active?.ring ?? 'none';
    case 'vm':
      return String(view.rings.active?.vm ?? 0);
    case 'instruction': {
      const { current } = view.stream;
      return current ? `${current.mnemonic} ${current.operands}`.trim().toLowerCase() : 'none';
    }
    case 'exit':
      return view.exits.latest.at(-1)?.name ?? 'none';
    case 'exits':
      return String(view.exits.total);
    case 'register': {
      const name = value.split('=')[0]?.trim().toUpperCase();
      const register = view.registers.find((one) => one.name === name);
      return `${name} = ${register ? (register.value >>> 0).toString(16).toUpperCase().padStart(8, '0') : 'none'}`;
    }
    case 'sentence':
      return view.sentence;
    case 'console':
      return view.consoles.map(({ text }) => text).join('\n');
  }
}

/** Whether a claim holds in a view: the whole of what is found, of a sentence or console a part. */
export function holds(claim: Claim, view: StageView): boolean {
  const text = found(claim, view);
  return claim.about === 'sentence' || claim.about === 'console' ? text.includes(claim.value) : text === claim.value;
}
