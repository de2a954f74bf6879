import type { Messages } from '../../lib/say.ts';
import type { Language } from '../../messages/languages.ts';
import { loadScript } from '../app/load-script.ts';

const scope = globalThis as unknown as { rm1Messages?: Messages };

/** The messages of a language from a script beside the embed; null for English, and where they cannot be had. */
export async function messagesIn(language: Language, base: string): Promise<Messages | null> {
  if (language === 'en') return null;
  await loadScript(`${base}messages/${language}.js`).catch(console.error);
  return scope.rm1Messages ?? null;
}
