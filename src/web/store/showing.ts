import type { PartRequest } from '../../session/views.ts';
import type { Request } from '../../worker/protocol.ts';

/** What frames bring beyond the view of every step: asked for while a panel shows it. */
export interface Showing {
  /** Whether frames bring the VMCS or VMCB. */
  showBlock(shown: boolean): void;
  /** Which part frames bring while its panel is shown; null: none. */
  showPart(request: PartRequest | null): void;
}

type Unnumbered<T> = T extends unknown ? Omit<T, 'id'> : never;

export function createShowing(
  isOpened: () => boolean,
  send: (request: Unnumbered<Request>) => void,
): { readonly actions: Showing /** Asks a machine that was just opened for all of it. */; again(): void } {
  let block = false;
  let part: PartRequest | null = null;
  const ask = (request: Unnumbered<Request>): void => {
    if (isOpened()) send(request);
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
    },
    again() {
      if (block) send({ type: 'block', shown: true });
      if (part) send({ type: 'part', request: part });
    },
  };
}
