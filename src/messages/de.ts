import page from './de/page.json';
import session from './de/session.json';

/** All that is said in German. */
const messages: Readonly<Record<string, string>> = { ...page, ...session };
export default messages;
