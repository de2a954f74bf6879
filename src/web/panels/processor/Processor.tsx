import { memo, type PointerEvent, type ReactNode, useEffect, useMemo, useRef, useState } from 'react';
import { say } from '../../../lib/say.ts';
import { useStage, useStageState } from '../../ui/hooks.ts';
import { placeNote } from '../../ui/place-note.ts';
import { flagsAbout, flagsSentence, type RegisterCell, registerCells } from './model.ts';

interface ProcessorProps {
  /** In place of its title. */
  readonly head?: ReactNode;
}

/** The name under which the flags are looked at. */
const FLAGS = 'flags';

/** Registers and flags; what the last step changed is bold and has a dot beside it. */
export const Processor = memo(function Processor({ head }: ProcessorProps) {
  const registers = useStageState((s) => s.frame?.view.registers ?? null);
  const flags = useStageState((s) => s.frame?.view.flags ?? null);
  const more = useStageState((s) => s.moreRegisters);
  const { controller } = useStage();
  const numbers = useStageState((s) => s.numbers);
  const pointed = useStageState((s) => s.pointed);
  const model = useMemo(() => (registers ? registerCells(registers, more, numbers) : null), [registers, more, numbers]);
  const { box, note, looked, handlers, keys } = useNote(model?.cells ?? []);
  const cell = model?.cells.find(({ name }) => name === looked);
  const about = looked === FLAGS && flags ? flagsAbout(flags) : (cell?.about ?? []);
  return (
    <section className="pane processor" aria-label={say`Processor`} data-testid="registers" ref={box} {...handlers}>
      <h2 className="pane-title">
        {head ?? say`Processor`}
        {flags && flags.length > 0 && (
          <span className="flags" data-about={FLAGS}>
            <span className="hidden">{flagsSentence(flags)}</span>
            {flags.map((flag) => (
              <span key={flag.name} className={`flag${flag.set ? ' set' : ''}${flag.changed ? ' changed' : ''}`} aria-hidden="true">
                {flag.name.toUpperCase()}
              </span>
            ))}
          </span>
        )}
        {model && (model.hidden > 0 || more) && (
          <button
            type="button"
            className="quiet end"
            aria-expanded={more}
            aria-label={more ? say`Fewer registers` : say`${model.hidden} more registers`}
            onClick={() => controller.setMoreRegisters(!more)}
          >
            {more ? '−' : `+${model.hidden}`}
          </button>
        )}
      </h2>
      {model && (
        // biome-ignore lint/a11y/useSemanticElements: a fieldset brings a frame, and nothing here is filled in
        // biome-ignore lint/a11y/noNoninteractiveTabindex: arrow keys lead from one register to the next, and the note says what it holds
        <div className="registers-keys" role="group" tabIndex={0} aria-label={say`Registers: up and down say more of each`} {...keys}>
          <dl className="registers" data-numbers={numbers}>
            {model.cells.map((each) => (
              <Register
                key={each.name}
                cell={each}
                used={pointed === null ? each.used : pointed.includes(each.name.toLowerCase())}
                looked={each.name === looked}
              />
            ))}
          </dl>
        </div>
      )}
      <p className="note register-note" popover="manual" role="status" ref={note}>
        {about.map((sentence) => (
          <span key={sentence}>{sentence} </span>
        ))}
      </p>
    </section>
  );
});

/** What is looked at by mouse, finger or keys, and the note beside it. */
function useNote(cells: readonly RegisterCell[]) {
  const box = useRef<HTMLElement>(null);
  const note = useRef<HTMLParagraphElement>(null);
  const [looked, setLooked] = useState<string | null>(null);
  useEffect(() => {
    if (!note.current || !box.current) return;
    // Below all of them: none is covered by what is said of another.
    const registers = looked === null ? null : box.current.querySelector<HTMLElement>('.registers');
    const isOpen = note.current.matches(':popover-open');
    if (isOpen !== (registers !== null)) note.current.togglePopover();
    if (registers !== null) placeNote(registers, note.current);
  });
  const pointedAt = ({ target }: PointerEvent): string | null =>
    target instanceof Element ? (target.closest<HTMLElement>('[data-about]')?.dataset.about ?? null) : null;
  const handlers = {
    onPointerOver: (event: PointerEvent) => event.pointerType === 'mouse' && setLooked(pointedAt(event)),
    onPointerLeave: (event: PointerEvent) => event.pointerType === 'mouse' && setLooked(null),
    onPointerUp: (event: PointerEvent) => {
      const at = pointedAt(event);
      if (event.pointerType !== 'mouse') setLooked(at === looked ? null : at);
    },
  };
  const order = [...cells.map(({ name }) => name), FLAGS];
  const keys = {
    onKeyDown(event: React.KeyboardEvent) {
      const way = event.shiftKey ? 0 : event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
      if (event.key === 'Escape' && looked !== null) setLooked(null);
      else if (way !== 0) setLooked(order[Math.min(order.length - 1, Math.max(0, order.indexOf(looked ?? '') + way))] ?? null);
      else return;
      event.preventDefault();
      event.stopPropagation();
    },
    onBlur: () => setLooked(null),
  };
  return { box, note, looked, handlers, keys };
}

interface RegisterProps {
  readonly cell: RegisterCell;
  /** By the instruction that is next, or the one that is pointed at. */
  readonly used: boolean;
  readonly looked: boolean;
}

const Register = memo(
  function Register({ cell, used, looked }: RegisterProps) {
    return (
      <div className={`register${cell.changed ? ' changed' : ''}${used ? ' used' : ''}${looked ? ' looked' : ''}`} data-about={cell.name}>
        <dt>{cell.name}</dt>
        <dd>{cell.value}</dd>
      </div>
    );
  },
  (a, b) =>
    a.cell.name === b.cell.name &&
    a.cell.value === b.cell.value &&
    a.cell.changed === b.cell.changed &&
    a.used === b.used &&
    a.looked === b.looked,
);
