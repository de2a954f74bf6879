import { say, told } from '../../lib/say.ts';
import { type BlockName, blockName } from '../panels/block/model.ts';
import { isPart, PARTS } from '../panels/parts/model.ts';
import type { StageState } from '../store/store.ts';
import { useStage, useStageState } from '../ui/hooks.ts';
import { Block, LookedAt, Processor } from './late.tsx';

/** What is below the exits where there is room for one: the registers, the VMCS or VMCB, or what is looked at one at a time. */
export function Shown() {
  const name = useStageState((s) => blockName(s.frame?.view ?? null));
  const below = useStageState((s) => s.below);
  const shown = below === 'block' && name === null ? 'processor' : below;
  const head = <Switch shown={shown} name={name} />;
  if (shown === 'processor') return <Processor head={head} />;
  return (
    <section
      className="pane processor block-pane"
      aria-label={isPart(shown) ? told(PARTS.find(({ id }) => id === shown)?.title ?? '') : told(name ?? '')}
    >
      <h2 className="pane-title">{head}</h2>
      {isPart(shown) ? <LookedAt part={shown} /> : <Block />}
    </section>
  );
}

function Switch({ shown, name }: { readonly shown: StageState['below']; readonly name: BlockName | null }) {
  const { controller } = useStage();
  const choices = [
    { id: 'processor' as const, title: say`Processor` },
    ...(name === null ? [] : [{ id: 'block' as const, title: told(name) }]),
    ...PARTS.map(({ id, title }) => ({ id, title: told(title) })),
  ];
  return (
    <span className="switch">
      {choices.map(({ id, title }) => (
        <button key={id} type="button" aria-pressed={id === shown} onClick={() => controller.setBelow(id)}>
          {title}
        </button>
      ))}
    </span>
  );
}
