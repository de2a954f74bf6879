import type { Messages } from '../../lib/say.ts';
import type { Language } from '../../messages/languages.ts';
import { speakOnPage } from '../app/language.ts';
import { messagesIn } from './messages-in.ts';

/** The language of a frame: the page around it says which, whatever its reader's is, and may say another one later. */
export class Tongue {
  language: Language = 'en';
  messages: Messages | null = null;
  private readonly base: string;
  private wanted: Language = 'en';

  /** @param base the folder that messages/ lies in */
  constructor(base: string) {
    this.base = base;
  }

  /** False where it is spoken already, or another one is wanted by now. */
  async turnTo(language: Language): Promise<boolean> {
    if (language === this.wanted) return false;
    this.wanted = language;
    const messages = await messagesIn(language, this.base);
    if (language !== this.wanted) return false;
    this.language = language;
    this.messages = messages;
    speakOnPage(language, messages);
    return true;
  }
}
