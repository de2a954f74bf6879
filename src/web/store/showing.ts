import type { PartRequest, WalkWish } from '../../session/views.ts';
import type { Send } from './send.ts';

/** What frames bring beyond the view of every step: asked for while a panel shows it. */
export interface Showing {
  /** Whether frames bring the VMCS or VMCB. */
  showBlock(shown: boolean): void;
  /** Which part frames bring while its panel is shown; null: none. */
  showPart(request: PartRequest | null): void;
  /** Which address frames follow through the tables: what the step itself is about, before anything is asked. */
  follow(wish: WalkWish): void;
  /** A panel shows the way of an address. */
  showWalk(): void;
  /** The step of an exit that frames bring in full though it is none of the latest; null: none. */
  showExit(n: number | null): void;
}

export function createShowing(
  isOpened: () => boolean,
  send: Send,
): { readonly actions: Showing /** Asks a machine that was just opened for all of it. */; again(): void } {
  let block = false;
  let part: PartRequest | null = null;
  let followed: WalkWish | undefined;
  let exit: number | null = null;
  const ask = (request: Parameters<Send>[0]): void => {
    if (isOpened()) send(request);
  };
  const follow = (wish: WalkWish): void => {
    followed = wish;
    ask({ type: 'follow', wish });
  };
  return {
    actions: {
      showBlock(shown) {
        if (block === shown) return;
        block = shown;
        ask({ type: 'block', shown });
      },
      showPart(request) {
        if (JSON.stringify(part) === JSON.stringify(request)) return;
        part = request;
        ask({ type: 'part', request });
      },
      follow,
      showWalk() {
        if (followed === undefined) follow(null);
      },
      showExit(n) {
        if (exit === n) return;
        exit = n;
        ask({ type: 'detail', n });
      },
    },
    again() {
      exit = null;
      if (block) send({ type: 'block', shown: true });
      if (part) send({ type: 'part', request: part });
      if (followed !== undefined) send({ type: 'follow', wish: followed });
    },
  };
}
