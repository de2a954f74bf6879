import type { Language } from './languages.ts';

/** Messages by English text, as `speak` wants them; null for English, which needs none. */
export async function messagesIn(language: Language): Promise<Readonly<Record<string, string>> | null> {
  if (language === 'en') return null;
  const { default: messages } = await import('./de.ts');
  return messages;
}
