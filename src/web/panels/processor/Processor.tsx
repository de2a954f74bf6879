import { memo, type ReactNode, useMemo } from 'react';
import { say } from '../../../lib/say.ts';
import { useStage, useStageState } from '../../ui/hooks.ts';
import { flagsSentence, type RegisterCell, registerCells } from './model.ts';

interface ProcessorProps {
  /** In place of its title. */
  readonly head?: ReactNode;
}

/** Registers and flags; what the last step changed is bold and has a dot beside it. */
export const Processor = memo(function Processor({ head }: ProcessorProps) {
  const registers = useStageState((s) => s.frame?.view.registers ?? null);
  const flags = useStageState((s) => s.frame?.view.flags ?? null);
  const more = useStageState((s) => s.moreRegisters);
  const { controller } = useStage();
  const numbers = useStageState((s) => s.numbers);
  const model = useMemo(() => (registers ? registerCells(registers, more, numbers) : null), [registers, more, numbers]);
  return (
    <section className="pane processor" aria-label={say`Processor`} data-testid="registers">
      <h2 className="pane-title">
        {head ?? say`Processor`}
        {flags && flags.length > 0 && (
          <span className="flags">
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
        <dl className="registers" data-numbers={numbers}>
          {model.cells.map((cell) => (
            <Register key={cell.name} cell={cell} />
          ))}
        </dl>
      )}
    </section>
  );
});

const Register = memo(
  function Register({ cell }: { readonly cell: RegisterCell }) {
    return (
      <div className={`register${cell.changed ? ' changed' : ''}${cell.used ? ' used' : ''}`} title={cell.title}>
        <dt>{cell.name}</dt>
        <dd>{cell.value}</dd>
      </div>
    );
  },
  (a, b) => a.cell.title === b.cell.title && a.cell.changed === b.cell.changed && a.cell.used === b.cell.used,
);
