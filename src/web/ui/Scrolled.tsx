import type { ReactNode } from 'react';

/** A part of the page that scrolls by itself, and so by keys as well. */
export function Scrolled({
  label,
  className,
  children,
}: {
  readonly label: string;
  readonly className: string;
  readonly children: ReactNode;
}) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be scrolled by keys
    <section className={className} aria-label={label} tabIndex={0}>
      {children}
    </section>
  );
}
