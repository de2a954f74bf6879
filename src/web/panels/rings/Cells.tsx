import { type KeyboardEvent, memo, type RefObject, useEffect, useMemo, useRef, useState } from 'react';
import type { Point } from '../../../figures/polar.ts';
import { type Cell, type CellMove, cellAt, cellMiddle, cellPath, cellsOf, isSameCell, nextCell } from '../../../figures/rings-cells.ts';
import { planRings, type RingsPlan, type RingsSize } from '../../../figures/rings-plan.ts';
import { crossingTitle } from '../../../figures/rings-titles.ts';
import { say } from '../../../lib/say.ts';
import type { OptionView, RingsView, StaysView } from '../../../session/views.ts';
import { FAST } from '../../../worker/protocol.ts';
import { useStage, useStageState } from '../../ui/hooks.ts';
import { pointIn, scaleOf } from '../../ui/scaled.ts';
import { type AnswerPlace, answerPlaces, nextAnswer, placeOf } from './answers.ts';
import { cellWords, stayRows, stayWords } from './cells.ts';
import { CellLines, Stays } from './Stays.tsx';

export interface CellsProps {
  /** What the diagram is drawn in. */
  readonly box: RefObject<HTMLDivElement | null>;
  readonly size: RingsSize;
  /** It takes the focus as soon as it is there. */
  readonly focused?: boolean;
}

const MOVES: Readonly<Record<string, CellMove>> = { ArrowLeft: 'left', ArrowRight: 'right', ArrowDown: 'in', ArrowUp: 'out' };
const NONE: readonly OptionView[] = [];

/** The places of the ring diagram under the pointer and the keys: who is there, since when, and the steps at which the processor was. */
export const Cells = memo(function Cells(props: CellsProps) {
  const rings = useStageState((s) => s.frame?.view.rings ?? null);
  const { width, height } = props.size;
  const plan = useMemo(() => rings && planRings(rings, { width, height }), [rings, width, height]);
  return rings && plan && <Places {...props} rings={rings} plan={plan} />;
});

interface PlacesProps extends CellsProps {
  readonly rings: RingsView;
  readonly plan: RingsPlan;
}

/** What is pointed at: a place, or a crossing by its step. */
interface Pointed {
  readonly cell: Cell | null;
  readonly n: number | null;
  readonly at: Point;
}

function Places({ box, size, focused = false, rings, plan }: PlacesProps) {
  const { controller } = useStage();
  const list = useRef<HTMLDivElement>(null);
  const [pointed, setPointed] = useState<Pointed | null>(null);
  const [active, setActive] = useState<Cell | null>(null);
  const [hasFocus, setHasFocus] = useState(false);
  const [opened, setOpened] = useState<Cell | null>(null);
  const column = useRef(plan.sectors[0]!.vm);
  const cells = cellsOf(plan);
  const current = cells.find((cell) => isSameCell(cell, active)) ?? hereIn(cells, rings) ?? cells[0]!;
  const shown = opened ?? pointed?.cell ?? (hasFocus && pointed === null ? current : null);
  const said = useStays(shown);
  const lines = stayWords(said);

  const chosen = useStageState((s) => s.chosen);
  const options = useStageState((s) => s.asking?.options ?? NONE);
  const asking = useStageState((s) => s.asking !== null);
  const answers = useMemo(() => answerPlaces(options, rings, size), [options, rings, size]);
  const answerHere = shown && placeOf(answers, plan, shown);
  const answered = answers.find((place) => place.options.some(({ id: option }) => option === chosen));

  const act = (cell: Cell) => {
    const answer = placeOf(answers, plan, cell);
    if (answer) controller.choose(nextAnswer(answer, chosen).id);
    else setOpened(cell);
  };
  usePointer(box, plan, pointed, setPointed, act);
  useEffect(() => {
    if (focused) list.current?.focus({ preventScroll: true });
  }, [focused]);

  const onKeyDown = (event: KeyboardEvent) => {
    const move = event.shiftKey || event.ctrlKey || event.altKey || event.metaKey ? undefined : MOVES[event.key];
    if (event.key !== 'Enter' && !move) return;
    event.preventDefault();
    setPointed(null);
    if (!move) {
      act(current);
      return;
    }
    const next = nextCell(plan, current, move, column.current);
    if (plan.sectors.some(({ vm }) => vm === next.vm)) column.current = next.vm;
    setActive(next);
  };

  const crossing = pointed?.n == null ? undefined : [...rings.past, ...rings.future].find(({ n }) => n === pointed.n);
  const outline = answerHere?.path ?? (shown && cellPath(plan, shown));
  const openedAt = opened && middleInWindow(box.current, plan, opened);
  return (
    <>
      <div
        ref={list}
        className="cells"
        role="listbox"
        tabIndex={0}
        aria-label={say`Places in the rings: arrows lead from one to the next, Enter lists its steps`}
        aria-activedescendant={keyOf(current)}
        data-testid="cells"
        onKeyDown={onKeyDown}
        onFocus={() => setHasFocus(true)}
        onBlur={() => setHasFocus(false)}
      >
        {cells.map((cell) => {
          const words = cellWords(plan, rings, cell);
          const isCurrent = isSameCell(cell, current);
          const answer = placeOf(answers, plan, cell);
          const all = [words.name, words.who, ...(isCurrent ? lines : []), ...(answer ? answerWords(answer, chosen) : [])];
          return (
            <span key={keyOf(cell)} id={keyOf(cell)} className="hidden" role="option" tabIndex={-1} aria-selected={isCurrent}>
              {all.filter(Boolean).join('. ')}
            </span>
          );
        })}
      </div>
      <svg className="cells-drawn" width={size.width} height={size.height} aria-hidden="true">
        {answered && <path className="cell-chosen" d={answered.path} />}
        {outline && <path className={hasFocus && !pointed ? 'cell-active' : answerHere ? undefined : `r${shown?.ring}`} d={outline} />}
      </svg>
      {(crossing || shown) && !opened && (
        <Tip at={pointed?.at ?? cellMiddle(plan, current)} size={size}>
          {crossing ? (
            <b className={`cell-name r${crossing.to}`}>{crossingTitle(crossing)}</b>
          ) : (
            shown && (
              <>
                <CellLines words={cellWords(plan, rings, shown)} lines={lines} />
                {answerHere && answerWords(answerHere, chosen).map((line) => <span key={line}>{line}</span>)}
              </>
            )
          )}
        </Tip>
      )}
      {opened && openedAt && (
        <Stays
          key={keyOf(opened)}
          words={cellWords(plan, rings, opened)}
          lines={lines}
          rows={said && stayRows(said, rings, asking)}
          at={openedAt}
          onClose={() => {
            controller.hover(null);
            setPointed(null);
            setOpened((now) => (isSameCell(now, opened) ? null : now));
          }}
        />
      )}
    </>
  );
}

/** Also its id in the page. */
const keyOf = ({ vm, ring }: Cell): string => `cell-${vm}-${ring}`;

/** The place where the processor is. */
const hereIn = (cells: readonly Cell[], { active }: RingsView): Cell | undefined =>
  cells.find(({ vm, ring }) => vm === active?.vm && (vm === 0 || ring === active.ring));

/** What is known of a place, asked for at each step at which it is looked at; null while the machine runs fast. */
function useStays(cell: Cell | null): StaysView | null {
  const { controller } = useStage();
  const frame = useStageState((s) => s.frame);
  const isFast = useStageState((s) => s.frame?.running === true && s.speed > FAST);
  const stays = useStageState((s) => s.stays);
  const key = cell && keyOf(cell);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each frame and each place is asked anew, not each object that names one
  useEffect(() => {
    if (cell && frame && !isFast) controller.askStays(cell);
  }, [key, frame, isFast, controller]);
  return stays !== null && key === keyOf(stays) && !isFast ? stays : null;
}

/** What clicking here would answer, or has answered. */
function answerWords(place: AnswerPlace, chosen: string | null): readonly string[] {
  const said = place.options.find(({ id }) => id === chosen);
  if (!said) return [place.options.map(({ title }) => title).join(' · ')];
  const other = nextAnswer(place, chosen);
  return [say`Your answer: ${said.title}.`, ...(other === said ? [] : [say`Once more for: ${other.title}.`])];
}

/** Follows the pointer over the diagram, and takes its clicks; a finger points where it clicks. */
function usePointer(
  box: RefObject<HTMLDivElement | null>,
  plan: RingsPlan,
  pointed: Pointed | null,
  setPointed: (pointed: Pointed | null) => void,
  act: (cell: Cell) => void,
): void {
  const now = useRef({ plan, pointed, setPointed, act });
  now.current = { plan, pointed, setPointed, act };
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const listening = new AbortController();
    const { signal } = listening;
    const isOurs = ({ target }: Event) => target instanceof Element && !target.closest('.stays');
    element.addEventListener(
      'pointermove',
      (event) => {
        if (event.pointerType === 'touch') return;
        const at = pointIn(element, event);
        const hit = event.target instanceof Element ? event.target.closest('[data-n]') : null;
        const n = hit ? Number(hit.getAttribute('data-n')) : null;
        const cell = hit || !isOurs(event) ? null : cellAt(now.current.plan, at);
        const before = now.current.pointed;
        if (cell === null && n === null) {
          if (before) now.current.setPointed(null);
        } else if (!before || before.n !== n || !isSameCell(before.cell, cell)) now.current.setPointed({ cell, n, at });
      },
      { signal },
    );
    element.addEventListener('pointerleave', () => now.current.setPointed(null), { signal });
    element.addEventListener(
      'click',
      (event) => {
        if (!isOurs(event) || (event.target as Element).closest('[data-n]')) return;
        const at = pointIn(element, event);
        const cell = cellAt(now.current.plan, at);
        if (!cell) return;
        now.current.setPointed({ cell, n: null, at });
        now.current.act(cell);
      },
      { signal },
    );
    return () => listening.abort();
  }, [box]);
}

function middleInWindow(element: HTMLElement | null, plan: RingsPlan, cell: Cell): Point | null {
  if (!element) return null;
  const { left, top } = element.getBoundingClientRect();
  const scale = scaleOf(element);
  const [x, y] = cellMiddle(plan, cell);
  return [left + x * scale, top + y * scale];
}

/** Widest, and about how high. */
const TIP = { width: 250, height: 96 };

/** Words beside a point of the diagram. Whoever cannot see it has them from the list. */
function Tip({ at: [x, y], size, children }: { readonly at: Point; readonly size: RingsSize; readonly children: React.ReactNode }) {
  const isLow = y > size.height - TIP.height;
  const left = Math.max(0, Math.min(x + 14, size.width - TIP.width));
  return (
    <div
      className="cells-tip"
      aria-hidden="true"
      style={{ left, top: isLow ? y - 12 : y + 20, maxWidth: TIP.width, transform: isLow ? 'translateY(-100%)' : undefined }}
    >
      {children}
    </div>
  );
}
