import { memo, useMemo } from 'react';
import type { ConsoleView } from '../../../session/views.ts';
import { useStage, useStageState } from '../../ui/hooks.ts';
import { consoleLines, keyBytes, textBytes } from './model.ts';

/** Serial lines as paper: each under its own machine. Typing into one sends to it. */
export const Consoles = memo(function Consoles({ most = 4 }: { readonly most?: number }) {
  const consoles = useStageState((s) => s.frame?.view.consoles ?? null);
  if (!consoles || consoles.length === 0) return null;
  return (
    <div className={consoles.length > 2 ? 'consoles' : 'consoles one-row'}>
      {consoles.slice(0, most).map((view, i) => (
        <Console key={view.title} view={view} index={i} />
      ))}
    </div>
  );
});

const Console = memo(function Console({ view, index }: { readonly view: ConsoleView; readonly index: number }) {
  const { controller } = useStage();
  const lines = useMemo(() => consoleLines(view.text), [view.text]);
  const onKeyDown = (event: React.KeyboardEvent) => {
    if (event.metaKey || event.altKey) return;
    const bytes = keyBytes(event.key, event.ctrlKey);
    if (!bytes) return;
    event.preventDefault();
    controller.input(index, bytes);
  };
  return (
    <section className={`console${view.active ? ' active' : ''}`} aria-label={view.title} data-testid="console" data-vm={view.vm}>
      <h2>{view.title}</h2>
      <label className="console-paper">
        <pre>
          {lines.join('\n')}
          <i className="cursor" />
        </pre>
        <input
          className="hidden"
          value=""
          aria-label={`Keys for ${view.title}`}
          autoCapitalize="off"
          autoComplete="off"
          spellCheck={false}
          data-keys="own"
          onKeyDown={onKeyDown}
          onChange={(event) => controller.input(index, textBytes(event.currentTarget.value))}
        />
      </label>
    </section>
  );
});
