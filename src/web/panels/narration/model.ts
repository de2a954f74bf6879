/** A stretch of a sentence; names of programs are set apart. */
export interface Phrase {
  readonly text: string;
  readonly name: boolean;
  /** Where it starts among the plain text. */
  readonly at: number;
}

/** Cuts `*count* asks its kernel` into phrases. */
export function phrases(sentence: string): readonly Phrase[] {
  const parts: Phrase[] = [];
  let rest = sentence;
  let at = 0;
  const add = (text: string, name: boolean) => {
    parts.push({ text, name, at });
    at += text.length;
  };
  for (;;) {
    const match = /\*([^*\s][^*]*)\*/.exec(rest);
    if (!match) break;
    if (match.index > 0) add(rest.slice(0, match.index), false);
    add(match[1]!, true);
    rest = rest.slice(match.index + match[0].length);
  }
  if (rest) add(rest, false);
  return parts;
}

/** The sentence without its marks. */
export function plainSentence(sentence: string): string {
  return phrases(sentence)
    .map((phrase) => phrase.text)
    .join('');
}
