import { say, told } from '../../lib/say.ts';
import { Block } from '../panels/block/Block.tsx';
import { blockName } from '../panels/block/name.ts';
import { isPart, PARTS } from '../panels/parts/model.ts';
import { Processor } from '../panels/processor/Processor.tsx';
import { Walk } from '../panels/walk/Walk.tsx';
import { useStage, useStageState } from '../ui/hooks.ts';
import { LookedAt } from './late.tsx';

/** What is below the exits where there is room for one: the registers, the VMCS or VMCB, or what is looked at one at a time. */
export function Shown({ width }: { readonly width: number }) {
  const { controller } = useStage();
  const block = useStageState((s) => blockName(s.frame?.view ?? null));
  const below = useStageState((s) => s.below);
  const processor = { id: 'processor' as const, title: say`Processor` };
  const choices = [
    processor,
    ...(block === null ? [] : [{ id: 'block' as const, title: told(block) }]),
    ...PARTS.map(({ id, title }) => ({ id, title: told(title) })),
    { id: 'walk' as const, title: say`Address` },
  ];
  const shown = choices.find(({ id }) => id === below) ?? processor;
  const head = (
    <span className="switch">
      {choices.map(({ id, title }) => (
        <button key={id} type="button" aria-pressed={id === shown.id} onClick={() => controller.setBelow(id)}>
          {title}
        </button>
      ))}
    </span>
  );
  if (shown.id === 'processor') return <Processor head={head} />;
  return (
    <section className="pane processor block-pane" aria-label={shown.title}>
      <h2 className="pane-title">{head}</h2>
      {isPart(shown.id) ? <LookedAt part={shown.id} /> : shown.id === 'walk' ? <Walk width={width} entries /> : <Block />}
    </section>
  );
}
