import type { StageStore } from '../store/store.ts';
import type { Theme } from './link.ts';

const KEY = 'rm1-theme';

/** The theme chosen on an earlier visit; storage may be refused. */
export function rememberedTheme(): Theme {
  try {
    const value = localStorage.getItem(KEY);
    return value === 'light' || value === 'dark' ? value : 'auto';
  } catch {
    return 'auto';
  }
}

function remember(theme: Theme): void {
  try {
    if (theme === 'auto') localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, theme);
  } catch {
    // A page without storage forgets, and that is all.
  }
}

/** Puts the theme on the page's root and keeps it there; returns how to stop. */
export function followTheme(store: StageStore): () => void {
  const show = (theme: Theme) => {
    const root = document.documentElement;
    if (theme === 'auto') delete root.dataset.theme;
    else root.dataset.theme = theme;
  };
  show(store.getState().theme);
  return store.subscribe((state, before) => {
    if (state.theme === before.theme) return;
    show(state.theme);
    remember(state.theme);
  });
}
