type Drafts = Readonly<Record<string, string>>;

const KEY = 'rm1-drafts';

/** Keeps what the reader has written, for the case that the page is loaded anew. */
export function keepDrafts(drafts: Drafts): void {
  try {
    sessionStorage.setItem(KEY, JSON.stringify(drafts));
  } catch {
    // A page without storage forgets, and that is all.
  }
}

/** What was kept. */
export function keptDrafts(): Drafts {
  try {
    return JSON.parse(sessionStorage.getItem(KEY) ?? '{}');
  } catch {
    return {};
  }
}
