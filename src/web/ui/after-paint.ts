/** Does what the picture that is being drawn does not need, once that is on the screen. */
export const afterPaint = (then: () => void): void => void requestAnimationFrame(() => setTimeout(then));

/** Does what can wait until the page has nothing else to do. */
export const whenIdle = (then: () => void): void => {
  if ('requestIdleCallback' in globalThis) requestIdleCallback(then, { timeout: 4000 });
  else setTimeout(then, 1000);
};
