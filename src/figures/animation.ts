/** Several pictures as one that shows them in turn, without a script: what they share is drawn once, the rest is switched by style. */
import { type FigureNode, node } from './tree.ts';

type Child = FigureNode | string;

export interface Animated {
  readonly children: readonly Child[];
  /** Rules for the picture's own style sheet. */
  readonly css: string;
}

/** Every child switched on in the frames that have it. `seconds` is how long a frame stands. */
export function animate(frames: readonly (readonly Child[])[], seconds: number): Animated {
  const masks = new Map<string, string>();
  const nameOf = (mask: string): string => {
    const known = masks.get(mask) ?? `fr${masks.size}`;
    masks.set(mask, known);
    return known;
  };
  const children = merged(ownNames(frames), nameOf);
  const length = seconds * frames.length;
  const rules = [...masks].map(
    ([mask, name]) =>
      `.${name}{${mask[0] === '1' ? '' : 'visibility:hidden;'}animation:${name} ${length}s step-end infinite}@keyframes ${name}{${keyframes(mask)}}`,
  );
  const still = [...masks.values()].map((name) => `.${name}`).join(',');
  return { children, css: masks.size === 0 ? '' : `${rules.join('\n')}\n@media (prefers-reduced-motion:reduce){${still}{animation:none}}` };
}

/** One rule wherever a mask changes: a percentage of the whole, with three decimals. */
function keyframes(mask: string): string {
  return [...mask]
    .flatMap((on, i) =>
      i > 0 && on === mask[i - 1]
        ? []
        : [`${Math.round((100_000 * i) / mask.length) / 1000}%{visibility:${on === '1' ? 'visible' : 'hidden'}}`],
    )
    .join('');
}

const keyOf = (child: Child, index: number): string => (typeof child === 'string' ? `#${index}` : (child.key ?? `#${index}`));

function merged(frames: readonly (readonly Child[])[], nameOf: (mask: string) => string): Child[] {
  const maps = frames.map((frame) => new Map(frame.map((child, i) => [keyOf(child, i), child])));
  return orderOf(frames.map((frame) => frame.map(keyOf))).flatMap((key) => {
    const each = maps.map((map) => map.get(key));
    const [first] = each;
    if (first !== undefined && each.every((child) => same(child, first))) return [first];
    if (isGroup(first) && each.every((child) => isGroup(child) && same(child.attributes, first.attributes)))
      return [
        node(
          'g',
          first.attributes,
          merged(
            each.map((child) => (child as FigureNode).children),
            nameOf,
          ),
          first.key,
        ),
      ];
    return variants(each, key, nameOf);
  });
}

const isGroup = (child: Child | undefined): child is FigureNode => typeof child === 'object' && child.tag === 'g';

/** Each different form of a child, with the frames in which it stands. */
function variants(each: readonly (Child | undefined)[], key: string, nameOf: (mask: string) => string): FigureNode[] {
  const forms = new Map<string, { readonly child: Child; readonly frames: Set<number> }>();
  each.forEach((child, i) => {
    if (child === undefined) return;
    const text = JSON.stringify(child);
    const form = forms.get(text) ?? { child, frames: new Set() };
    form.frames.add(i);
    forms.set(text, form);
  });
  return [...forms.values()].map(({ child, frames }, i) =>
    node('g', { class: nameOf(each.map((_, k) => (frames.has(k) ? '1' : '0')).join('')) }, [child], `${key}-${i}`),
  );
}

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** The keys of every frame in one order, in which each frame's own holds as far as they agree. */
function orderOf(frames: readonly (readonly string[])[]): readonly string[] {
  const order: string[] = [];
  for (const keys of frames) {
    let at = 0;
    for (const key of keys) {
      const known = order.indexOf(key);
      if (known >= 0) at = known + 1;
      else order.splice(at++, 0, key);
    }
  }
  return order;
}

/** What is named by an id (hatchings, paths that text follows) gets a name of its own in each frame where frames differ in it. */
function ownNames(frames: readonly (readonly Child[])[]): readonly (readonly Child[])[] {
  const definitions = frames.map((frame) => new Map(frame.flatMap(named)));
  const ids = new Set(definitions.flatMap((each) => [...each.keys()]));
  const differing = new Set([...ids].filter((id) => new Set(definitions.map((each) => each.get(id))).size > 1));
  return frames.map((frame, i) => frame.map((child) => (typeof child === 'string' ? child : renameIds(child, `-${i}`, differing))));
}

function named(child: Child): [string, string][] {
  if (typeof child === 'string') return [];
  const { id } = child.attributes;
  return [...(id === undefined ? [] : [[String(id), JSON.stringify(child)] as [string, string]]), ...child.children.flatMap(named)];
}

/** A tree whose ids, and what refers to them, end in `suffix`: all of them, or those in `only`. */
export function renameIds(root: FigureNode, suffix: string, only?: ReadonlySet<string>): FigureNode {
  const renamed = (id: string) => (only === undefined || only.has(id) ? `${id}${suffix}` : id);
  const attributes: Record<string, string | number> = {};
  for (const [name, value] of Object.entries(root.attributes)) {
    if (name === 'id') attributes[name] = renamed(String(value));
    else if (name === 'href' && String(value).startsWith('#')) attributes[name] = `#${renamed(String(value).slice(1))}`;
    else
      attributes[name] = typeof value === 'string' ? value.replace(/url\(#([\w-]+)\)/g, (_, id: string) => `url(#${renamed(id)})`) : value;
  }
  return {
    ...root,
    attributes,
    children: root.children.map((child) => (typeof child === 'string' ? child : renameIds(child, suffix, only))),
  };
}
