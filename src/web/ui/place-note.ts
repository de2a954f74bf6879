import { scaleOf } from './scaled.ts';

/** CSS pixels kept free at the edges of the window. */
const MARGIN = 8;

export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Where a note of this size goes in the window: below its word, above it where there is room only there, and never beyond an edge. */
export function notePlace(word: Box, note: Pick<Box, 'width' | 'height'>, room: Pick<Box, 'width' | 'height'>): Pick<Box, 'left' | 'top'> {
  const below = word.top + word.height;
  const above = word.top - note.height;
  const fits = below + note.height <= room.height - MARGIN || above < MARGIN;
  return {
    left: Math.max(MARGIN, Math.min(word.left, room.width - MARGIN - note.width)),
    top: Math.max(MARGIN, Math.min(fits ? below : above, room.height - MARGIN - note.height)),
  };
}

/** Puts a shown popover beside its word; browsers that anchor popovers by style are too few yet. */
export function placeNote(word: HTMLElement, note: HTMLElement): void {
  const shown = note.getBoundingClientRect();
  const scale = scaleOf(note);
  const { clientWidth: width, clientHeight: height } = document.documentElement;
  const { left, top } = notePlace(word.getBoundingClientRect(), shown, { width, height });
  note.style.left = `${left / scale}px`;
  note.style.top = `${top / scale}px`;
}
