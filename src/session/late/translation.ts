/** In the place of translation.ts and view/translation.ts of src/session: few monitors translate. */
import type { TranslationReader } from '../translation.ts';
import { late } from './load.ts';

type Parts = ReturnType<typeof late>;

export const Translation = new Proxy(class {} as unknown as Parts['Translation'], {
  construct: (_, [reader]: [TranslationReader]) => new (late().Translation)(reader),
});
export const guestInstruction: Parts['guestInstruction'] = (...given) => late().guestInstruction(...given);
export const translationView: Parts['translationView'] = (stage, here) =>
  stage.images.translation === null ? null : late().translationView(stage, here);
