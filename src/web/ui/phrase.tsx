import { Fragment, type ReactNode } from 'react';
import { parts } from '../../lib/say.ts';

/** A sentence with elements among its words: phrase`Press ${<kbd>E</kbd>} for the next exit`. */
export function phrase(strings: TemplateStringsArray, ...values: readonly ReactNode[]): ReactNode {
  // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a sentence never change their order
  return parts(strings, ...values).map((part, at) => <Fragment key={at}>{typeof part === 'string' ? part : values[part]}</Fragment>);
}
