/** The style of a picture that stands alone: the page needs none of it. */
import { dark, light, type Palette } from './palette.ts';
import { figureStyle, RINGS } from './style.ts';
import { type FigureNode, walkTree } from './tree.ts';

const FONTS: Palette = {
  sans: 'Inter, ui-sans-serif, system-ui, sans-serif',
  mono: '"JetBrains Mono", ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace',
};

/** Names that the page may set, and a picture that stands alone takes from here. */
function extras(theme: 'light' | 'dark'): Palette {
  const names: Record<string, string> = { 'ov-opacity': theme === 'dark' ? '.62' : '1' };
  if (theme === 'dark') for (const r of RINGS) names[`token-r${r}`] = names[`ov-r${r}`] = dark[`r${r}`] ?? '';
  return names;
}

/** The style with every colour written out, for pictures that stand alone: the rules that their classes can meet. */
export function standaloneStyle(theme: 'light' | 'dark', roots: readonly FigureNode[]): string {
  const met = classesOf(roots);
  const values = { ...(theme === 'dark' ? dark : light), ...FONTS, ...extras(theme) };
  const innermost = /var\(--rm-([\w-]+)(?:,([^()]*))?\)/g;
  let text = figureStyle;
  while (innermost.test(text)) text = text.replace(innermost, (_, name: string, otherwise?: string) => values[name] ?? otherwise ?? 'none');
  return text
    .split('}')
    .map((rule) => rule.trim().split('{'))
    .map(([selectors = '', body = '']) => [selectors.split(',').filter((selector) => couldMeet(selector, met)), body] as const)
    .filter(([selectors]) => selectors.length > 0)
    .map(([selectors, body]) => `${selectors.join(',')}{${body}}`)
    .join('\n');
}

function classesOf(roots: readonly FigureNode[]): ReadonlySet<string> {
  const found = new Set<string>();
  for (const root of roots)
    for (const { attributes } of walkTree(root)) for (const name of String(attributes.class ?? '').split(' ')) found.add(name);
  return found;
}

/** Whether every class that a selector asks for is among the classes met. */
function couldMeet(selector: string, met: ReadonlySet<string>): boolean {
  const asked = selector.match(/\.[\w-]+/g);
  return asked?.every((name) => met.has(name.slice(1))) ?? false;
}
