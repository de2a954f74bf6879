import type { Block, Inline } from './lesson.ts';

/** The words of the glossary in a text, in its order: each word's name, and how the text first writes it. */
export function termsIn(blocks: readonly Block[]): ReadonlyMap<string, string> {
  const terms = new Map<string, string>();
  for (const part of blocks.flatMap(stretches)) {
    if (part.kind === 'term' && !terms.has(part.term)) terms.set(part.term, part.text);
  }
  return terms;
}

function stretches(block: Block): readonly Inline[] {
  switch (block.kind) {
    case 'paragraph':
      return block.text;
    case 'list':
      return block.items.flat();
    case 'listing':
      return [];
  }
}
