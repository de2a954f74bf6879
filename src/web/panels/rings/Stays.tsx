import { type KeyboardEvent, useEffect, useLayoutEffect, useRef } from 'react';
import type { Point } from '../../../figures/polar.ts';
import { say } from '../../../lib/say.ts';
import { useStage } from '../../ui/hooks.ts';
import { scaleOf } from '../../ui/scaled.ts';
import type { CellWords, StayRow } from './cells.ts';

interface StaysProps {
  readonly words: CellWords;
  readonly lines: readonly string[];
  /** Null until they have been asked for. */
  readonly rows: readonly StayRow[] | null;
  /** Where in the window it is about. */
  readonly at: Point;
  readonly onClose: () => void;
}

/** When the processor was in one place of the rings: each stay leads to its first step. */
export function Stays({ words, lines, rows, at, onClose }: StaysProps) {
  const { controller } = useStage();
  const panel = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    panel.current?.showPopover?.();
    panel.current?.focus({ preventScroll: true });
  }, []);
  useLayoutEffect(() => {
    if (panel.current) place(panel.current, at);
  });
  const there = rows !== null;
  useEffect(() => {
    const element = panel.current;
    if (!there || !element || document.activeElement !== element) return;
    const all = element.querySelectorAll<HTMLButtonElement>('button');
    (element.querySelector<HTMLButtonElement>('[aria-current]') ?? all[all.length - 1])?.focus();
  }, [there]);
  const close = () => (panel.current?.hidePopover ? panel.current.hidePopover() : onClose());
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    const way = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (event.key === 'Escape') close();
    else if (way === 0) return;
    const all = [...event.currentTarget.querySelectorAll('button')];
    if (way !== 0) all[all.indexOf(document.activeElement as HTMLButtonElement) + way]?.focus();
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div
      ref={panel}
      className="stays"
      popover="auto"
      role="dialog"
      aria-label={words.name}
      tabIndex={-1}
      data-keys="own"
      data-testid="stays"
      onKeyDown={onKeyDown}
      onToggle={(event) => event.newState === 'closed' && onClose()}
    >
      <CellLines words={words} lines={lines} />
      {rows && rows.length > 0 && (
        <>
          <p className="stays-head" aria-hidden="true">
            <span>{say`from step`}</span>
            <span>{say`to`}</span>
            <span>{say`steps`}</span>
            <span>{say`by`}</span>
          </p>
          <ol aria-label={say`Stays; each leads to its first step`}>
            {rows.map((row) => (
              <li key={row.n} data-when={row.when}>
                <button
                  type="button"
                  aria-current={row.when === 'now' ? 'step' : undefined}
                  onClick={() => {
                    close();
                    controller.seek(row.n);
                  }}
                  onFocus={() => controller.hover(row.n)}
                  onBlur={() => controller.hover(null)}
                  onPointerEnter={() => controller.hover(row.n)}
                  onPointerLeave={() => controller.hover(null)}
                >
                  <Value name={say`from step`} value={row.from} />
                  <Value name={say`to`} value={row.to} />
                  <Value name={say`steps`} value={row.steps} />
                  <Value name={say`by`} value={row.by} />
                </button>
              </li>
            ))}
          </ol>
        </>
      )}
    </div>
  );
}

/** Under the head of its column, which who listens hears before it. */
const Value = ({ name, value }: { readonly name: string; readonly value: string }) => (
  <span>
    {value !== '' && <span className="hidden">{name} </span>}
    {value}
  </span>
);

/** What a place is called, in its ring's ink, whose it is, and since when. */
export const CellLines = ({ words: { ring, name, who }, lines }: { readonly words: CellWords; readonly lines: readonly string[] }) => (
  <>
    <b className={`cell-name r${ring}`}>{name}</b>
    {who && <span>{who}</span>}
    {lines.map((line) => (
      <span key={line}>{line}</span>
    ))}
  </>
);

const MARGIN = 8;

/** Beside a point of the window, and inside of it. */
function place(element: HTMLElement, [x, y]: Point): void {
  const box = element.getBoundingClientRect();
  const scale = scaleOf(element);
  const inside = (at: number, size: number, room: number) => Math.max(MARGIN, Math.min(at, room - size - MARGIN)) / scale;
  element.style.left = `${inside(x + MARGIN, box.width, innerWidth)}px`;
  element.style.top = `${inside(y + MARGIN, box.height, innerHeight)}px`;
}
