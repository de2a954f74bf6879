import { createElement, memo, type ReactNode } from 'react';
import type { FigureNode } from '../../figures/tree.ts';

const names = new Map<string, string>([
  ['class', 'className'],
  ['tabindex', 'tabIndex'],
]);

function propertyName(attribute: string): string {
  const known = names.get(attribute);
  if (known !== undefined) return known;
  const name = /^(aria|data)-/.test(attribute) ? attribute : attribute.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
  names.set(attribute, name);
  return name;
}

/** A tree as React elements, keyed so that what stays keeps its element and can move. */
export function renderNode(root: FigureNode, extra: Record<string, unknown> = {}, key?: string | number): ReactNode {
  const properties: Record<string, unknown> = { key: root.key ?? key };
  for (const [name, value] of Object.entries(root.attributes)) properties[propertyName(name)] = value;
  const children = root.children.map((child, i) => (typeof child === 'string' ? child : renderNode(child, {}, i)));
  return createElement(root.tag, { ...properties, ...extra }, ...(root.tag === 'title' ? [children.join('')] : children));
}

/** A figure in the page, hidden from screen readers where a sentence elsewhere stands for it; drawn again only when its tree is another one. */
export const Figure = memo(function Figure({ figure, hidden }: { readonly figure: FigureNode; readonly hidden?: boolean }) {
  return renderNode(figure, hidden ? { 'aria-hidden': true, role: undefined, 'aria-label': undefined } : {});
});
