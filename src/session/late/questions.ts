/** In the place of claims.ts, edits.ts, keeping.ts, parts/parts.ts, questions/questions.ts, view/stays.ts and why/why.ts of src/session. */
import { late } from './load.ts';

type Parts = ReturnType<typeof late>;

export const ask: Parts['ask'] = (...given) => late().ask(...given);
export const check: Parts['check'] = (...given) => late().check(...given);
export const keepPlace: Parts['keepPlace'] = (...given) => late().keepPlace(...given);
export const partView: Parts['partView'] = (...given) => late().partView(...given);
export const staysView: Parts['staysView'] = (...given) => late().staysView(...given);
export const why: Parts['why'] = (...given) => late().why(...given);
export const editsOf: Parts['editsOf'] = (changes, textOf) => (Object.keys(changes).length === 0 ? [] : late().editsOf(changes, textOf));
export const applied: Parts['applied'] = (edits, textOf) => (edits.length === 0 ? {} : late().applied(edits, textOf));
