import { type Messages, speak } from '../../lib/say.ts';
import { isLanguage, type Language, languageOf } from '../../messages/languages.ts';
import type { Client } from '../../worker/protocol.ts';
import type { StageStore } from '../store/store.ts';

const KEY = 'rm1-lang';

/** What the part of an address behind `#` says, also where the rest of it cannot be read. */
export function linkedLanguage(hash: string): Language | null {
  const tag = /[#&]lang=([a-z]+)/.exec(hash)?.[1] ?? '';
  return isLanguage(tag) ? tag : null;
}

/** The link's language, or what the reader has chosen on this device, or the first of the browser's that there is. */
export function wantedLanguage(hash: string): Language {
  return linkedLanguage(hash) ?? rememberedLanguage() ?? languageOf(navigator.languages);
}

function rememberedLanguage(): Language | null {
  try {
    const value = localStorage.getItem(KEY);
    return value !== null && isLanguage(value) ? value : null;
  } catch {
    return null;
  }
}

/** False where storage is refused. */
function remember(language: Language): boolean {
  try {
    localStorage.setItem(KEY, language);
    return true;
  } catch {
    return false;
  }
}

/** From now on the page is in a language; without messages that is English. */
export function speakOnPage(language: Language, messages: Messages | null): void {
  document.documentElement.lang = messages === null ? 'en' : language;
  speak(messages);
}

/** The machine, which speaks the language of the page. */
export function speaking(client: Client, messages: Messages | null): Client {
  if (messages !== null) client.send({ type: 'speak', id: 0, messages });
  return client;
}

/**
 * Loads the page anew in the language that the reader has chosen, at the same place.
 * @param leave writes that place into the address, with the language where nothing else can keep it
 */
export function followLanguage(store: StageStore, leave: (lang: Language | null) => void): void {
  store.subscribe(({ language }, before) => {
    if (language === before.language) return;
    const linked = remember(language) ? null : language;
    const hash = location.hash.replace(/([#&])lang=[^&]*&?/, '$1').replace(/[#&]$/, '');
    history.replaceState(history.state, '', hash || '#');
    leave(linked);
    location.reload();
  });
}
