/**
 * Sentences for people. The English one stands where it is used and is the key of its translation:
 * say`${vm} writes ${value} to CR3` looks up "{0} writes {1} to CR3". Below the page nothing knows a language but this file.
 */

/** Translations by English text, with {0}, {1}, ... where the values go. */
export type Messages = Readonly<Record<string, string>>;

/** What stands in a sentence. */
export type Value = string | number | bigint;

let messages: Messages | null = null;

/** From now on everything is said in the language of these messages; null is English. What has no message stays English. */
export function speak(next: Messages | null): void {
  messages = next;
}

/** The language's words for an English sentence. */
export function say(strings: TemplateStringsArray, ...values: readonly Value[]): string {
  if (messages === null) return filled(strings, values);
  const message = messages[keyOf(strings)];
  return message === undefined ? filled(strings, values) : message.replace(/\{(\d)\}/g, (_, at: string) => String(values[Number(at)]));
}

/** Marks an English text in a table that is read before a language is known; `told` says it. */
export function worded<T extends string>(text: T): T {
  return text;
}

/** The language's words for a text marked by `worded`. */
export function told(text: string): string {
  return messages?.[text] ?? text;
}

/** A title in the middle of a sentence: English begins it small there; in another language it is said as it goes into one. */
export const within = (title: string): string =>
  messages === null && /^[A-Z][a-z]/.test(title) ? title.charAt(0).toLowerCase() + title.slice(1) : title;

/** What an action gives when all is said in English: for whatever is compared with texts of ours. */
export function inEnglish<T>(action: () => T): T {
  const spoken = messages;
  messages = null;
  try {
    return action();
  } finally {
    messages = spoken;
  }
}

/** A sentence in the language as its texts and the numbers of its values, for whoever puts elements among the words. */
export function parts(strings: TemplateStringsArray, ..._values: readonly unknown[]): readonly (string | number)[] {
  const text = told(keyOf(strings));
  return text.split(/\{(\d)\}/).map((part, at) => (at % 2 === 0 ? part : Number(part)));
}

/** "{0} writes {1} to CR3". */
export function keyOf(strings: readonly string[]): string {
  return strings.reduce((key, text, at) => `${key}{${at - 1}}${text}`);
}

function filled(strings: readonly string[], values: readonly Value[]): string {
  return strings.reduce((text, next, at) => text + values[at - 1] + next);
}
