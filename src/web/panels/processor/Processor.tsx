import { memo, useMemo } from 'react';
import { useStage, useStageState } from '../../ui/hooks.ts';
import { flagsSentence, type RegisterCell, registerCells } from './model.ts';

/** Registers and flags; what the last step changed is bold and has a dot beside it. */
export const Processor = memo(function Processor() {
  const registers = useStageState((s) => s.frame?.view.registers ?? null);
  const flags = useStageState((s) => s.frame?.view.flags ?? null);
  const more = useStageState((s) => s.moreRegisters);
  const { controller } = useStage();
  const model = useMemo(() => (registers ? registerCells(registers, more) : null), [registers, more]);
  return (
    <section className="pane processor" aria-label="Processor" data-testid="registers">
      <h2 className="pane-title">
        Processor
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
          <button type="button" className="quiet end" aria-expanded={more} onClick={() => controller.setMoreRegisters(!more)}>
            {more ? 'fewer' : `${model.hidden} more`}
          </button>
        )}
      </h2>
      {model && (
        <dl className="registers">
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
