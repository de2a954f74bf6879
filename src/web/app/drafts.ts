type Drafts = Readonly<Record<string, string>>;

const KEY = 'rm1-drafts';

/** Keeps what the reader has written while the page is loaded anew. */
export function keepDrafts(drafts: Drafts): void {
  try {
    sessionStorage.setItem(KEY, JSON.stringify(drafts));
  } catch {
    // A page without storage forgets, and that is all.
  }
}

/** What was kept, once. */
export function keptDrafts(): Drafts {
  try {
    const kept = sessionStorage.getItem(KEY);
    sessionStorage.removeItem(KEY);
    return kept === null ? {} : JSON.parse(kept);
  } catch {
    return {};
  }
}
