import type { ComponentPropsWithoutRef } from 'react';

/** A part of the page that scrolls by itself: with the focus in it, by keys as well. */
export function Scrolled({
  as: Outer = 'section',
  ...given
}: { readonly as?: 'section' | 'ol' | 'pre' } & ComponentPropsWithoutRef<'section'>) {
  return <Outer {...given} tabIndex={0} />;
}
