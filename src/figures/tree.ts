/** A picture as plain data: what a figure function returns, what the printer and the page draw. */
export interface FigureNode {
  readonly tag: string;
  /** Identity among its siblings from one picture to the next, so that motion can follow it. */
  readonly key?: string;
  readonly attributes: Readonly<Record<string, string | number>>;
  readonly children: readonly (FigureNode | string)[];
}

type Child = FigureNode | string | null | undefined | false;

/** One node; empty children and undefined attributes are left out. */
export function node(
  tag: string,
  attributes: Readonly<Record<string, string | number | undefined>>,
  children: readonly Child[] = [],
  key?: string,
): FigureNode {
  const kept: Record<string, string | number> = {};
  for (const [name, value] of Object.entries(attributes)) if (value !== undefined && value !== '') kept[name] = value;
  const inside = children.filter((child): child is FigureNode | string => child !== null && child !== undefined && child !== false);
  return key === undefined ? { tag, attributes: kept, children: inside } : { tag, key, attributes: kept, children: inside };
}

/** A coordinate with two decimals: enough for any screen, and the same text on every machine. */
export function round(value: number): number {
  const r = Math.round(value * 100) / 100;
  return r === 0 ? 0 : r;
}

/** Text at a point. */
export function label(
  x: number,
  y: number,
  text: string,
  className: string,
  anchor: 'start' | 'middle' | 'end' = 'start',
  key?: string,
): FigureNode {
  return node('text', { x: round(x), y: round(y), class: className, 'text-anchor': anchor === 'start' ? undefined : anchor }, [text], key);
}

/** The outermost node of a picture, with the sentence that stands for it when it cannot be seen. */
export function picture(width: number, height: number, className: string, sentence: string, children: readonly Child[]): FigureNode {
  return node(
    'svg',
    {
      class: className,
      width: round(width),
      height: round(height),
      viewBox: `0 0 ${round(width)} ${round(height)}`,
      role: 'img',
      'aria-label': sentence,
    },
    children,
  );
}

/** Every node of a tree, outermost first. */
export function* walkTree(root: FigureNode): Generator<FigureNode> {
  yield root;
  for (const child of root.children) if (typeof child !== 'string') yield* walkTree(child);
}

/** The text below a node. */
export function textOf(root: FigureNode): string {
  return root.children.map((child) => (typeof child === 'string' ? child : textOf(child))).join('');
}
