/** Does what the picture that is being drawn does not need, once that is on the screen. */
export const afterPaint = (then: () => void): void => void requestAnimationFrame(() => setTimeout(then));
