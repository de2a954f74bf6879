import { type PointerEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import { placeNote } from './place-note.ts';

/** Milliseconds: a mouse on its way over a text opens nothing, and one on its way to a note loses nothing. */
const HOVER = 150;

let last = 0;
const nextId = (): string => `note-${++last}`;

interface NotedProps {
  readonly note: ReactNode;
  readonly children: ReactNode;
}

/** What has something to be said of it, and it is said where it stands: by mouse, finger and keyboard alike. Its style is noted.css. */
export function Noted({ note: said, children }: NotedProps) {
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
  return (
    <span
      onPointerEnter={(event) => onHover(event, () => open === 'no' && show('hovered'))}
      onPointerLeave={(event) => onHover(event, () => open === 'hovered' && hide())}
    >
      <button
        ref={word}
        type="button"
        className="noted"
        popoverTarget={id}
        aria-describedby={id}
        onClick={(event) => {
          event.preventDefault();
          clearTimeout(due.current);
          if (open === 'pressed') hide();
          else show('pressed');
        }}
      >
        {children}
      </button>
      <span ref={note} id={id} popover="auto" className="note" onToggle={(event) => event.newState === 'closed' && setOpen('no')}>
        {said}
      </span>
    </span>
  );
}
