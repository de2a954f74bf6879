import { dark, light } from './palette.ts';
import { standaloneStyle } from './style-standalone.ts';
import { type FigureNode, round } from './tree.ts';

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Characters that XML 1.0 does not have (section 2.2), as a program's comments may, become U+FFFD. */
function escapeText(text: string): string {
  return text.replace(/[&<>"\p{Cs}\ufffe\uffff]|[^\P{Cc}\t\n\r]/gu, (c) => ESCAPES[c] ?? '\ufffd');
}

/** A tree as markup: the same text for the same tree, whatever prints it. */
export function printNode(root: FigureNode): string {
  const attributes = Object.entries(root.attributes)
    .map(([name, value]) => ` ${name}="${escapeText(String(typeof value === 'number' ? round(value) : value))}"`)
    .join('');
  if (root.children.length === 0) return `<${root.tag}${attributes}/>`;
  const inside = root.children.map((child) => (typeof child === 'string' ? escapeText(child) : printNode(child))).join('');
  return `<${root.tag}${attributes}>${inside}</${root.tag}>`;
}

export interface PrintOptions {
  readonly theme?: 'light' | 'dark';
  readonly title: string;
  readonly description: string;
  /** Paper around the picture, in pixels. */
  readonly margin?: number;
  /** Where this picture can be stepped through; kept in its metadata. */
  readonly link?: string;
  /** Rules behind the picture's own. */
  readonly css?: string;
}

/** A picture that stands alone: its own colours, title and description, no script and nothing from elsewhere. */
export function printSvg(root: FigureNode, options: PrintOptions): string {
  const theme = options.theme ?? 'light';
  const margin = options.margin ?? 16;
  const width = Number(root.attributes.width) + 2 * margin;
  const height = Number(root.attributes.height) + 2 * margin;
  const paper = (theme === 'dark' ? dark : light).paper;
  const lines = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${round(width)}" height="${round(height)}" viewBox="${-margin} ${-margin} ${round(width)} ${round(height)}" role="img" aria-labelledby="title description" class="${escapeText(String(root.attributes.class ?? ''))}">`,
    `<title id="title">${escapeText(options.title)}</title>`,
    `<desc id="description">${escapeText(options.description)}</desc>`,
  ];
  if (options.link !== undefined)
    lines.push(
      `<metadata><a xmlns="http://www.w3.org/1999/xhtml" href="${escapeText(options.link)}">${escapeText(options.link)}</a></metadata>`,
    );
  lines.push(
    `<style>${standaloneStyle(theme, [root])}${options.css ?? ''}</style>`,
    `<rect x="${-margin}" y="${-margin}" width="${round(width)}" height="${round(height)}" fill="${paper}"/>`,
    ...root.children.map((child) => (typeof child === 'string' ? escapeText(child) : printNode(child))),
    '</svg>',
    '',
  );
  return lines.join('\n');
}
