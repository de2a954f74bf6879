import { describe, expect, test } from 'vitest';

/** By a path that is no literal, since scripts have no types. */
const script = '../scripts/messages.mjs';

type Messages = Readonly<Record<string, string>>;

const { allMessages, languages, problemsOf, textsIn } = (await import(script)) as {
  languages(): string[];
  allMessages(language: string): Messages;
  problemsOf(language: string): Promise<string[]>;
  textsIn(path: string, code: string): Promise<{ texts: { text: string; line: number }[]; wrong: string[] }>;
};

/** Words that are the same in a language as in English. */
const SAME: Readonly<Record<string, ReadonlySet<string>>> = {
  de: new Set([
    ...['Esc', 'Controls', 'conforming', 'expand-down', 'VT-x in VT-x', 'Exception ({0})', 'Hypercall, {0}'],
    ...['*{0}* in VM {1}', '{0} in {1}', '{0}, {1}, in {2}: {3}'],
    ...['Exit {0}', 'Exits', 'Frame (HTML)', 'Element (HTML)', 'Link', 'Nested', 'Paging', 'Shadow', 'Trap', 'VM {0}', 'VMM'],
    ...['linear', 'linear {0}'],
  ]),
};

const placesIn = (text: string): string[] => [...new Set(text.match(/\{\d\}/g))].sort();

describe.each(languages())('the messages in %s', (language) => {
  const messages = allMessages(language);

  test('there is one for each text, and a text for each: node scripts/messages.mjs --write', async () => {
    expect(await problemsOf(language)).toEqual([]);
  });

  test('each has the places of its text', () => {
    const broken = Object.entries(messages).filter(([text, message]) => `${placesIn(text)}` !== `${placesIn(message)}`);
    expect(broken).toEqual([]);
  });

  test('none is the English text, but for words that are the same', () => {
    const hasWords = (text: string) => /[a-z]{2}/i.test(text.replace(/\{\d\}/g, ''));
    const left = Object.entries(messages).filter(([text, message]) => text === message && hasWords(text) && !SAME[language]?.has(text));
    expect(left).toEqual([]);
  });

  test('none has blanks at its ends that its text does not have', () => {
    const ends = (text: string) => [/^\s*/.exec(text)?.[0], /\s*$/.exec(text)?.[0]];
    expect(Object.entries(messages).filter(([text, message]) => `${ends(text)}` !== `${ends(message)}`)).toEqual([]);
  });
});

describe('texts in a source', () => {
  test('are templates with a tag, and literals that are marked', async () => {
    const value = (code: string) => `$\{${code}}`;
    const code = [
      `const a = () => say\`VM ${value('vm')} writes ${value('f(say`it`)')}\`;`,
      'const t = [worded("Exit")];',
      `const p = () => phrase\`Open ${value('<b>x</b>')}\`;`,
    ].join('\n');
    expect(await textsIn('a.tsx', code)).toEqual({
      texts: [
        { text: 'VM {0} writes {1}', line: 1 },
        { text: 'it', line: 1 },
        { text: 'Exit', line: 2 },
        { text: 'Open {0}', line: 3 },
      ],
      wrong: [],
    });
  });

  test('are never said as the module is read, nor made of what is not written there', async () => {
    const { wrong } = await textsIn('a.ts', 'const early = say`Exit`;\nconst made = () => worded(early);');
    expect(wrong).toEqual([expect.stringContaining('a.ts:1: '), expect.stringContaining('a.ts:2: ')]);
  });
});
