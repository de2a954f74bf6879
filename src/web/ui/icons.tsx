import type { ReactNode } from 'react';

const icon = (d: string, extra?: ReactNode) => (
  <svg width="18" height="18" viewBox="0 0 18 18" aria-hidden="true">
    <path d={d} />
    {extra}
  </svg>
);

/** The pictures on the transport's buttons. */
export const icons = {
  restart: icon('M4 3.5V14.5M14 4L7 9l7 5Z'),
  back: icon('M12 4L5 9l7 5Z'),
  step: icon('M6 4l7 5-7 5Z'),
  run: icon('M4.5 3.2L14.5 9l-10 5.8Z'),
  pause: icon('M5 4h2.4v10H5ZM10.6 4H13v10h-2.4Z'),
  exit: (
    <svg width="26" height="18" viewBox="0 0 26 18" aria-hidden="true">
      <path d="M3 4l7 5-7 5Z" />
      <circle cx="18" cy="9" r="5.2" className="ln" />
      <circle cx="18" cy="9" r="2" className="fill" />
    </svg>
  ),
  theme: {
    auto: (
      <svg width="16" height="16" viewBox="0 0 16 16" aria-hidden="true">
        <circle cx="8" cy="8" r="6" className="ln" />
        <path d="M8 2a6 6 0 0 1 0 12Z" />
      </svg>
    ),
    light: (
      <svg width="16" height="16" viewBox="0 0 16 16" aria-hidden="true">
        <circle cx="8" cy="8" r="6" className="ln" />
      </svg>
    ),
    dark: (
      <svg width="16" height="16" viewBox="0 0 16 16" aria-hidden="true">
        <circle cx="8" cy="8" r="6.6" />
      </svg>
    ),
  },
} as const;
