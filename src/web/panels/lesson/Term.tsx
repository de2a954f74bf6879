import { type PointerEvent, useEffect, useRef, useState } from 'react';
import type { Inline } from '../../../lessons/lesson.ts';
import { useStageState } from '../../ui/hooks.ts';
import { placeNote } from './place-note.ts';

/** Milliseconds: a mouse on its way over a text opens nothing, and one on its way to a note loses nothing. */
const HOVER = 150;

let last = 0;
const nextId = (): string => `note-${++last}`;

/** A word of the glossary, explained where it stands: by mouse, finger and keyboard alike. */
export function Term({ part: { text, term } }: { readonly part: Extract<Inline, { kind: 'term' }> }) {
  const meaning = useStageState((s) => s.glossary[term] ?? '');
  const [id] = useState(nextId);
  const word = useRef<HTMLButtonElement>(null);
  const note = useRef<HTMLSpanElement>(null);
  const [open, setOpen] = useState<'no' | 'hovered' | 'pressed'>('no');
  const due = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(due.current), []);

  const place = () => word.current && note.current && placeNote(word.current, note.current);
  const show = (how: 'hovered' | 'pressed') => {
    if (open === 'no') note.current?.showPopover();
    place();
    setOpen(how);
  };
  const hide = () => note.current?.hidePopover();

  useEffect(() => {
    if (open === 'no') return;
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key !== 'Escape') return;
      event.preventDefault();
      event.stopPropagation();
      hide();
    };
    // Before all other keys: wherever the focus is, Escape closes what is on top.
    window.addEventListener('keydown', onKeyDown, { capture: true });
    window.addEventListener('scroll', place, { capture: true, passive: true });
    window.addEventListener('resize', place);
    return () => {
      window.removeEventListener('keydown', onKeyDown, { capture: true });
      window.removeEventListener('scroll', place, { capture: true });
      window.removeEventListener('resize', place);
    };
  });

  const onHover = (event: PointerEvent, act: () => void) => {
    clearTimeout(due.current);
    if (event.pointerType === 'mouse') due.current = setTimeout(act, HOVER);
  };
  if (meaning === '') return text;
  return (
    <span
      onPointerEnter={(event) => onHover(event, () => open === 'no' && show('hovered'))}
      onPointerLeave={(event) => onHover(event, () => open === 'hovered' && hide())}
    >
      <button
        ref={word}
        type="button"
        className="term"
        popoverTarget={id}
        aria-describedby={id}
        onClick={(event) => {
          event.preventDefault();
          clearTimeout(due.current);
          if (open === 'pressed') hide();
          else show('pressed');
        }}
      >
        {text}
      </button>
      <span ref={note} id={id} popover="auto" className="term-note" onToggle={(event) => event.newState === 'closed' && setOpen('no')}>
        {meaning}
      </span>
    </span>
  );
}
