import { createElement, Fragment, type ReactNode } from 'react';
import { parts } from '../../lib/say.ts';

/** A sentence with elements among its words: phrase`Press ${<kbd>E</kbd>} for the next exit`. */
export function phrase(strings: TemplateStringsArray, ...values: readonly ReactNode[]): ReactNode {
  return createElement(Fragment, null, ...parts(strings, ...values).map((part) => (typeof part === 'string' ? part : values[part])));
}
