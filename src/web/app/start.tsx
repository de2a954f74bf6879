import { createRoot } from 'react-dom/client';
import { figureStyle } from '../../figures/style.ts';
import type { Client } from '../../worker/protocol.ts';
import { createController } from '../store/controller.ts';
import { createStageStore } from '../store/store.ts';
import '../styles/index.css';
import { App } from './App.tsx';
import { followAddress } from './address.ts';
import { NOTHING, parseLink } from './link.ts';
import { followTheme, rememberedTheme } from './theme.ts';

/** Draws the stage into an element and follows the page's address. */
export function startStage(element: Element, connectClient: () => Client): void {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(figureStyle);
  document.adoptedStyleSheets.push(sheet);

  const store = createStageStore({ theme: rememberedTheme() });
  const controller = createController(store, connectClient);
  let asked = NOTHING;

  const follow = () => {
    const parsed = parseLink(location.hash);
    if (!parsed.ok) {
      asked = NOTHING;
      store.setState({ linkError: parsed.error });
      controller.start(NOTHING, false);
      return;
    }
    if (parsed.ignored.length > 0) console.info(`The address has parts that say nothing here: ${parsed.ignored.join(', ')}`);
    asked = parsed.link;
    if (asked.theme) store.setState({ theme: asked.theme });
    store.setState({ linkError: null });
    controller.start(asked);
  };

  followTheme(store);
  followAddress(store, () => asked);
  addEventListener('hashchange', follow);
  follow();
  createRoot(element).render(<App stage={{ store, controller }} />);
  void import('../styles/fonts.css');
}
