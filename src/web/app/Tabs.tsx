import { useRef } from 'react';
import { say, told, worded } from '../../lib/say.ts';
import { Block } from '../panels/block/Block.tsx';
import { blockName } from '../panels/block/name.ts';
import { Consoles } from '../panels/consoles/Consoles.tsx';
import { Exits } from '../panels/exits/Exits.tsx';
import { isPart, PARTS } from '../panels/parts/model.ts';
import { Processor } from '../panels/processor/Processor.tsx';
import { Speed } from '../panels/transport/Transport.tsx';
import { Walk } from '../panels/walk/Walk.tsx';
import type { Tab } from '../store/store.ts';
import { type Layout, useSize, useStage, useStageState } from '../ui/hooks.ts';
import { Timeline } from './late/Timeline.tsx';
import { LookedAt } from './late.tsx';

const TABS: readonly { readonly id: Tab; readonly title: string }[] = [
  { id: 'timeline', title: worded('Timeline') },
  { id: 'exits', title: worded('Exits') },
  { id: 'state', title: worded('Processor') },
  { id: 'block', title: 'VMCS' },
  ...PARTS,
  { id: 'walk', title: worded('Address') },
  { id: 'consoles', title: worded('Consoles') },
];

/** The panels that the machine at hand has, besides rings and instructions. */
export function usePanels(): typeof TABS {
  const block = useStageState((s) => blockName(s.frame?.view ?? null));
  return TABS.filter(({ id }) => id !== 'block' || block !== null).map((tab) =>
    tab.id === 'block' && block !== null ? { ...tab, title: block } : tab,
  );
}

/** One of them, in so much room. */
export function PanelNamed({ id, layout, width }: { readonly id: Tab; readonly layout: Layout; readonly width: number }) {
  if (isPart(id)) return <LookedAt part={id} />;
  switch (id) {
    case 'timeline':
      return (
        <>
          <Speed />
          <Timeline compact={layout === 'phone'} />
        </>
      );
    case 'exits':
      return <Exits width={Math.min(480, Math.max(200, width))} />;
    case 'state':
      return <Processor />;
    case 'block':
      return <Block />;
    case 'walk':
      return <Walk width={Math.min(640, width)} entries />;
    case 'consoles':
      return <Consoles roomy />;
  }
}

/** What does not fit beside the stream, one at a time. */
export function Tabs({ layout }: { readonly layout: Layout }) {
  const { controller } = useStage();
  const tab = useStageState((s) => s.tab);
  const tabs = usePanels().filter(({ id }) => id !== 'consoles' || layout !== 'medium');
  const selected = tabs.some((t) => t.id === tab) ? tab : tabs[0]!.id;
  const box = useRef<HTMLElement>(null);
  const { width } = useSize(box);
  const onKeyDown = (event: React.KeyboardEvent) => {
    const by = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (by === 0) return;
    event.preventDefault();
    const next = tabs[(tabs.findIndex((t) => t.id === selected) + by + tabs.length) % tabs.length]!;
    controller.setTab(next.id);
    document.getElementById(`tab-${next.id}`)?.focus();
  };
  return (
    <section className="tabs" ref={box} aria-label={say`More of the machine`}>
      <div role="tablist" aria-label={say`Panels`} onKeyDown={onKeyDown} data-keys="own">
        {tabs.map(({ id, title }) => (
          <button
            key={id}
            id={`tab-${id}`}
            type="button"
            role="tab"
            aria-selected={id === selected}
            aria-controls="tab-panel"
            tabIndex={id === selected ? 0 : -1}
            onClick={() => controller.setTab(id)}
          >
            {told(title)}
          </button>
        ))}
      </div>
      <div id="tab-panel" role="tabpanel" aria-labelledby={`tab-${selected}`}>
        <PanelNamed id={selected} layout={layout} width={width} />
      </div>
    </section>
  );
}
