/** A stretch of a sentence; names of programs are set apart. */
export interface Phrase {
  readonly text: string;
  readonly name: boolean;
}

/** Cuts `*count* asks its kernel` into phrases. */
export function phrases(sentence: string): readonly Phrase[] {
  const parts: Phrase[] = [];
  let rest = sentence;
  for (;;) {
    const match = /\*([^*\s][^*]*)\*/.exec(rest);
    if (!match) break;
    if (match.index > 0) parts.push({ text: rest.slice(0, match.index), name: false });
    parts.push({ text: match[1]!, name: true });
    rest = rest.slice(match.index + match[0].length);
  }
  if (rest) parts.push({ text: rest, name: false });
  return parts;
}

/** The sentence without its marks. */
export function plainSentence(sentence: string): string {
  return phrases(sentence)
    .map((phrase) => phrase.text)
    .join('');
}
