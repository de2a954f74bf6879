import type { Language } from '../../messages/languages.ts';
import type { Theme } from '../app/link.ts';
import { type MemoryAt, type Presented, type StageState, type StageStore, sortedOrder, type Tab } from './store.ts';

/** What the reader chooses about the page, and no machine need hear of. */
export interface Choices {
  sortExits(): void;
  setTheme(theme: Theme): void;
  setLanguage(language: Language): void;
  /** Begins, blacks out or ends a presentation. */
  present(how: StageState['presenting']): void;
  /** Shows a panel in the first or second place of a presentation; the one that stands there goes to where it came from. */
  presentPanel(place: number, panel: Presented): void;
  setTab(tab: Tab): void;
  setBelow(below: StageState['below']): void;
  /** Shows memory or the disk there, in its panel. */
  lookAt(at: MemoryAt): void;
  setGuestTables(guest: boolean): void;
  setMoreRegisters(more: boolean): void;
  /** An instruction is pointed at that reads or writes these registers; null: none is. */
  point(registers: readonly string[] | null): void;
  showStops(shown: boolean): void;
  /** Whether single keys act. */
  setKeys(on: boolean): void;
  showKeys(shown: boolean): void;
  closeLesson(): void;
  closeSources(): void;
  closeWhy(): void;
  /** The reader has changed a text; nothing runs it yet. */
  draft(path: string, text: string): void;
  /** One of the options of the question that is asked. */
  choose(option: string): void;
  dismiss(): void;
}

export function createChoices(store: StageStore): Choices {
  return {
    sortExits: () => store.setState({ exitOrder: sortedOrder(store.getState().frame?.view.exits.counts ?? []) }),
    setTheme: (theme) => store.setState({ theme }),
    setLanguage: (language) => store.setState({ language }),
    present: (how) => store.setState({ presenting: how }),
    presentPanel: (place, panel) => {
      const { presented } = store.getState();
      const other = presented[1 - place]!;
      const next = other === panel ? presented[place]! : other;
      store.setState({ presented: place === 0 ? [panel, next] : [next, panel] });
    },
    setTab: (tab) => store.setState({ tab }),
    setBelow: (below) => store.setState({ below }),
    lookAt: (at) => store.setState({ memoryAt: at, below: 'memory', tab: 'memory' }),
    setGuestTables: (guest) => store.setState({ guestTables: guest }),
    setMoreRegisters: (more) => store.setState({ moreRegisters: more }),
    point: (registers) => store.setState({ pointed: registers }),
    showStops: (shown) => store.setState({ stopsShown: shown }),
    setKeys: (on) => store.setState({ keysOn: on }),
    showKeys: (shown) => store.setState({ keysShown: shown }),
    closeLesson: () => store.setState({ lesson: null }),
    closeWhy: () => store.setState({ why: null }),
    closeSources: () => store.setState({ sources: null }),
    draft: (path, text) => store.setState({ drafts: { ...store.getState().drafts, [path]: text } }),
    choose: (option) => store.setState({ chosen: option }),
    dismiss: () => store.setState({ sourceErrors: [], refused: '', notice: '' }),
  };
}
