import { memo, useMemo } from 'react';
import { say, told } from '../../../lib/say.ts';
import { useStage, useStageState } from '../../ui/hooks.ts';
import { Block } from '../block/Block.tsx';
import { blockName } from '../block/model.ts';
import { flagsSentence, type RegisterCell, registerCells } from './model.ts';

interface ProcessorProps {
  /** Shares its place with the VMCS or VMCB. */
  readonly tabs?: boolean;
}

/** Registers and flags; what the last step changed is bold and has a dot beside it. */
export const Processor = memo(function Processor({ tabs }: ProcessorProps) {
  const registers = useStageState((s) => s.frame?.view.registers ?? null);
  const flags = useStageState((s) => s.frame?.view.flags ?? null);
  const more = useStageState((s) => s.moreRegisters);
  const below = useStageState((s) => s.below);
  const name = useStageState((s) => blockName(s.frame?.view ?? null));
  const { controller } = useStage();
  const block = tabs && name !== null && below === 'block';
  const numbers = useStageState((s) => s.numbers);
  const model = useMemo(() => (registers ? registerCells(registers, more, numbers) : null), [registers, more, numbers]);
  return (
    <section
      className={`pane processor${block ? ' block-pane' : ''}`}
      aria-label={block ? told(name) : say`Processor`}
      data-testid={block ? undefined : 'registers'}
    >
      <h2 className="pane-title">
        {tabs && name !== null ? <Switch block={block ?? false} name={told(name)} /> : say`Processor`}
        {!block && flags && flags.length > 0 && (
          <span className="flags">
            <span className="hidden">{flagsSentence(flags)}</span>
            {flags.map((flag) => (
              <span key={flag.name} className={`flag${flag.set ? ' set' : ''}${flag.changed ? ' changed' : ''}`} aria-hidden="true">
                {flag.name.toUpperCase()}
              </span>
            ))}
          </span>
        )}
        {!block && model && (model.hidden > 0 || more) && (
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
      {block && <Block />}
      {!block && model && (
        <dl className="registers" data-numbers={numbers}>
          {model.cells.map((cell) => (
            <Register key={cell.name} cell={cell} />
          ))}
        </dl>
      )}
    </section>
  );
});

function Switch({ block, name }: { readonly block: boolean; readonly name: string }) {
  const { controller } = useStage();
  return (
    <span className="switch">
      <button type="button" aria-pressed={!block} onClick={() => controller.setBelow('processor')}>
        {say`Processor`}
      </button>
      <button type="button" aria-pressed={block} onClick={() => controller.setBelow('block')}>
        {name}
      </button>
    </span>
  );
}

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
