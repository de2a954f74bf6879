import { type ComponentType, memo, useCallback, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { type GutterRow, gutterFigure, gutterWidth, tracksFor, trackX } from '../../../figures/gutter.ts';
import { tokenShape } from '../../../figures/rings.ts';
import {
  type FoldPart,
  type InstructionLine,
  type OriginalPart,
  type StreamLine,
  streamEnd,
  streamLines,
} from '../../../figures/stream-lines.ts';
import { ringNumeral } from '../../../figures/words.ts';
import { say } from '../../../lib/say.ts';
import type { Ring, StageView } from '../../../session/views.ts';
import { selectionOf } from '../../store/selecting.ts';
import { Figure, renderNode } from '../../ui/Figure.tsx';
import { useSize, useStage, useStageState } from '../../ui/hooks.ts';
import { slideFrom } from '../../ui/motion.ts';
import { isAt } from '../stops/at.ts';
import { StopsButton } from '../stops/StopsButton.tsx';
import { PredictSwitch } from '../transport/Transport.tsx';

type Failure = NonNullable<StageView['failure']>;

/** Rows; with fewer, each is needed for an instruction. */
const ROOM_FOR_GOALS = 10;

/** CSS pixels: the least that is easily pressed, and what is pressed here stands row below row. */
const ROW = 24;

interface StreamProps {
  readonly most: number;
  readonly title: boolean;
  /** The list of stops, below the title; without it nothing can be opened from here. */
  readonly Stops?: ComponentType;
}

/** The instructions that ran, the one that is next, and those that will follow if nothing intervenes. */
export const Stream = memo(function Stream({ most, title, Stops }: StreamProps) {
  const { controller } = useStage();
  const box = useRef<HTMLDivElement>(null);
  const size = useSize(box);
  const stream = useStageState((s) => s.frame?.view.stream ?? null);
  const failure = useStageState((s) => s.frame?.view.failure ?? null);
  const kind = useStageState((s) => s.frame?.view.rings.kind ?? 'vmx');
  const end = useStageState((s) => (s.frame && !s.frame.view.stream.current ? s.frame.view : null));
  const { open, toggle } = useFolds();
  const slots = Math.max(4, Math.min(most, Math.floor((size.height - chainHeight(failure)) / ROW)));
  const lines = useMemo(
    () => (stream ? streamLines(stream, end && streamEnd(end), slots, { short: !title, goals: slots >= ROOM_FOR_GOALS, open }) : []),
    [stream, end, slots, title, open],
  );
  const tracks = useMemo(
    () =>
      tracksFor(
        kind,
        lines.flatMap((line) => line.ring ?? []),
      ),
    [kind, lines],
  );
  const width = gutterWidth(tracks);
  const style = { '--row': `${ROW}px`, '--gutter': `${width}px` } as React.CSSProperties;
  const acts = stream && (
    <>
      {stream.files.length > 0 && (
        <button type="button" className="quiet source-open" onClick={controller.openSources}>
          {say`source`}
        </button>
      )}
      <StopsButton />
    </>
  );
  return (
    <section className="pane stream" aria-label={say`Instructions`} data-testid="stream" style={style}>
      {title ? (
        <h2 className="pane-title stream-title">
          {tracks.map((ring) => (
            <span key={ring} className={`track-name r${ring}`} style={{ left: trackX(tracks, ring) - 12 }} aria-hidden="true">
              {ringNumeral(ring)}
            </span>
          ))}
          {say`Instructions`}
          {stream && stream.files.length > 0 && <span className="sub">{stream.files.join(', ')}</span>}
          {acts}
        </h2>
      ) : (
        Stops && (
          <div className="pane-title">
            <PredictSwitch />
            {acts}
          </div>
        )
      )}
      {Stops && <Stops />}
      <div className="rows-box" ref={box}>
        {stream === null ? <RestingTracks height={slots * ROW} tracks={tracks} /> : <Rows lines={lines} tracks={tracks} toggle={toggle} />}
        {failure && <FaultChain failure={failure} />}
      </div>
    </section>
  );
});

function RestingTracks({ height, tracks }: { readonly height: number; readonly tracks: readonly Ring[] }) {
  const rows: GutterRow[] = [{ key: 'r', ring: null, kind: 'label', when: 'past' }];
  return (
    <div className="rows">
      <Figure figure={gutterFigure(rows, tracks, height)} />
    </div>
  );
}

/** What the reader has opened, by the code it is: a loop that goes on stays open. */
function useFolds() {
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const toggle = useCallback(
    (id: string) => setOpen((before) => new Set(before.has(id) ? [...before].filter((one) => one !== id) : [...before, id])),
    [],
  );
  return { open, toggle };
}

interface RowsProps {
  readonly lines: readonly StreamLine[];
  readonly tracks: readonly Ring[];
  readonly toggle: (id: string) => void;
}

function Rows({ lines, tracks, toggle }: RowsProps) {
  const list = useRef<HTMLDivElement>(null);
  const slid = useRef(lines);
  const pace = useStageState((s) => s.pace);
  const { first, moved } = useNumbering(lines);
  const gutter = useMemo(() => gutterFigure(lines, tracks, ROW, first), [lines, tracks, first]);
  const current = lines.findIndex((line) => line.when === 'current');
  useLayoutEffect(() => {
    if (!list.current || slid.current === lines) return;
    slid.current = lines;
    const way = pace === 'step' || pace === 'held' ? moved : 0;
    slideFrom(list.current, way * ROW, way === 0 ? 0 : pace === 'held' ? 60 : 140);
  }, [lines, moved, pace]);
  const at = lines[current];
  return (
    <div className="rows" style={{ height: lines.length * ROW }}>
      <div className="rows-list" ref={list}>
        <Figure figure={gutter} />
        <div className="rows-strip" style={{ transform: `translateY(${-first * ROW}px)` }}>
          {lines.map((line, i) => (
            <Row key={line.key} line={line} number={first + i} toggle={toggle} />
          ))}
        </div>
      </div>
      {at?.ring && (
        <svg className="gutter-token" width={gutterWidth(tracks)} height={lines.length * ROW} aria-hidden="true">
          <g style={{ transform: `translate(${trackX(tracks, at.ring)}px, ${current * ROW + ROW / 2}px)` }}>
            {renderNode(tokenShape(at.ring, 7.5))}
          </g>
        </svg>
      )}
    </div>
  );
}

interface Numbering {
  readonly lines: readonly StreamLine[];
  /** The number of the first row. */
  readonly first: number;
  /** By how many rows the list has moved up since it was drawn before. */
  readonly moved: number;
}

/** Rows above which numbers start anew: their coordinates must stay exact in the page. */
const MOST_ROWS = 4096;

/** Numbers the rows so that one that stays keeps its number. */
function useNumbering(lines: readonly StreamLine[]): Numbering {
  const kept = useRef<Numbering>({ lines, first: 0, moved: 0 });
  const before = kept.current;
  if (before.lines !== lines) {
    const moved = shift(before.lines, lines);
    const first = before.first + moved;
    kept.current = { lines, first: first < 0 || first > MOST_ROWS ? MOST_ROWS / 2 : first, moved };
  }
  return kept.current;
}

/** By how many rows the list has moved up: where a row that was there before stands now. */
function shift(old: readonly StreamLine[], now: readonly StreamLine[]): number {
  const places = new Map(old.map((line, i) => [line.key, i]));
  for (let i = now.length - 1; i >= 0; i--) {
    const line = now[i]!;
    const was = line.kind === 'header' ? undefined : places.get(line.key);
    if (was !== undefined) return Math.abs(was - i) > 12 ? 0 : was - i;
  }
  return 0;
}

interface RowProps {
  readonly line: StreamLine;
  readonly number: number;
  readonly toggle: (id: string) => void;
}

/** A row lies at its number on a strip that is moved as a whole: the rows that stay are not laid out again. */
const Row = memo(
  function Row({ line, number, toggle }: RowProps) {
    const ring = line.ring === null ? '' : ` ring-${line.ring}`;
    const translated = line.kind === 'instruction' && line.original ? ' translated' : '';
    const className = `row ${line.kind} ${line.when}${ring}${translated}${bracketClass(line)}`;
    const style = { '--number': number } as React.CSSProperties;
    if (line.kind === 'instruction') return <InstructionRow line={line} className={className} style={style} />;
    return (
      <div className={className} style={style}>
        {line.fold ? (
          <Fold fold={line.fold} text={line.text} toggle={toggle} />
        ) : line.kind === 'event' ? (
          <EventText n={line.n} text={line.text} />
        ) : (
          <span className="t">{line.text}</span>
        )}
        {line.note && <span className="n">{line.note}</span>}
      </div>
    );
  },
  (a, b) => a.number === b.number && JSON.stringify(a.line) === JSON.stringify(b.line),
);

function bracketClass({ bracket }: StreamLine): string {
  if (bracket === null) return '';
  return ` bracket${bracket.begins ? ' begins' : ''}${bracket.ends ? ' ends' : ''}`;
}

interface InstructionRowProps {
  readonly line: InstructionLine;
  readonly className: string;
  readonly style: React.CSSProperties;
}

function InstructionRow({ line, className, style }: InstructionRowProps) {
  const [picked, setPicked] = useState(false);
  const { controller } = useStage();
  const point = () => controller.point(line.touches);
  const leave = () => controller.point(null);
  const stopped = useStageState((s) => s.frame?.view.stops.some((stop) => isAt(stop, line)) ?? false);
  return (
    <div
      className={`${className}${picked ? ' picked' : ''}`}
      style={style}
      aria-current={line.when === 'current' ? 'step' : undefined}
      title={line.source || undefined}
      onPointerEnter={point}
      onPointerLeave={leave}
    >
      {line.original && <Guests original={line.original} />}
      <button
        type="button"
        className={`a${stopped ? ' stopped' : ''}`}
        tabIndex={line.when === 'current' ? 0 : -1}
        title={line.bracket?.goal}
        aria-expanded={picked}
        aria-label={
          stopped ? say`${line.address}, a stop: what to do at this instruction` : say`${line.address}: what to do at this instruction`
        }
        onClick={() => setPicked(!picked)}
        onKeyDown={moveFocus}
        onFocus={point}
        onBlur={leave}
      >
        {line.address}
      </button>
      {!line.original && <span className="b">{line.bytes}</span>}
      <span className="s">
        <b>{line.mnemonic}</b>{' '}
        {line.operands.map((part) => (part.touched ? <u key={part.at}>{part.text}</u> : <span key={part.at}>{part.text}</span>))}
      </span>
      {picked ? (
        <Acts line={line} done={() => setPicked(false)} />
      ) : line.original ? (
        <span className="c">{line.original.done}</span>
      ) : (
        line.comment && <span className="c">{line.comment}</span>
      )}
    </div>
  );
}

/** What can be done at an instruction, in the place of its text. */
function Acts({ line, done }: { readonly line: InstructionLine; readonly done: () => void }) {
  const { controller } = useStage();
  const stop = useStageState((s) => s.frame?.view.stops.find((one) => isAt(one, line))?.id ?? null);
  const act = (what: () => void) => () => {
    done();
    what();
  };
  return (
    <span className="acts">
      {line.when !== 'current' && (
        <button type="button" title={say`Step ${line.n}`} onClick={act(() => controller.seek(line.n))}>
          {say`go there`}
        </button>
      )}
      <button type="button" onClick={act(() => controller.runTo(line.n))}>
        {say`run to here`}
      </button>
      <button type="button" onClick={act(() => (stop === null ? controller.stopAt(line.n) : controller.removeStop(stop)))}>
        {stop === null ? say`stop here` : say`no stop here`}
      </button>
    </span>
  );
}

interface FoldProps {
  readonly fold: FoldPart;
  readonly text: string;
  readonly toggle: (id: string) => void;
}

/** What is left out, and the way to see it. */
function Fold({ fold, text, toggle }: FoldProps) {
  return (
    <button type="button" className="t" tabIndex={-1} aria-expanded={fold.isOpen} onClick={() => toggle(fold.id)} onKeyDown={moveFocus}>
      {text}
    </button>
  );
}

/** What happened, and the way to what the other panels have of it. */
function EventText({ n, text }: { readonly n: number; readonly text: string }) {
  const { controller } = useStage();
  const selected = useStageState((s) => selectionOf(s) === n);
  return (
    <button
      type="button"
      className="t"
      tabIndex={-1}
      aria-pressed={selected}
      onClick={() => controller.select(n)}
      onPointerEnter={() => controller.hover(n)}
      onPointerLeave={() => controller.hover(null)}
      onKeyDown={moveFocus}
    >
      {text}
    </button>
  );
}

/** Arrow keys lead from one instruction's address to the next. */
function moveFocus(event: React.KeyboardEvent<HTMLButtonElement>): void {
  if (event.shiftKey || (event.key !== 'ArrowUp' && event.key !== 'ArrowDown')) return;
  const all = [...(event.currentTarget.closest('.rows')?.querySelectorAll<HTMLButtonElement>('.a,button.t') ?? [])];
  const next = all[all.indexOf(event.currentTarget) + (event.key === 'ArrowUp' ? -1 : 1)];
  event.preventDefault();
  next?.focus();
}

/** The guest's instruction beside the one it was made into. */
function Guests({ original: { address, text, replaced } }: { readonly original: OriginalPart }) {
  return (
    <span className="o">
      {address} {replaced ? <s>{text}</s> : text}
    </span>
  );
}

function FaultChain({ failure }: { readonly failure: Failure }) {
  return (
    <div className="fault-chain">
      <p>{failure.title || failure.kind}</p>
      <ol aria-label={say`How it came to this`}>
        {failure.chain.map((fault) => (
          <li key={fault}>{fault}</li>
        ))}
      </ol>
    </div>
  );
}

/** Room for a chain of faults, some of its lines taking two. */
function chainHeight(failure: Failure | null): number {
  return failure ? 8 + 18 * (2 + Math.ceil(failure.chain.length * 1.5)) : 0;
}
