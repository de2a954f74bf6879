import { memo, useMemo } from 'react';
import { say } from '../../../lib/say.ts';
import type { ConsoleView, ImageView } from '../../../session/views.ts';
import { useStage, useStageState } from '../../ui/hooks.ts';
import { Scrolled } from '../../ui/Scrolled.tsx';
import { consoleLines, keyBytes, lastLine, textBytes } from './model.ts';

/** Serial lines as paper: each under its own machine, the monitor's as one line that unfolds. Typing into one sends to it. */
export const Consoles = memo(function Consoles({ roomy = false }: { readonly roomy?: boolean }) {
  const consoles = useStageState((s) => s.frame?.view.consoles ?? null);
  if (!consoles || consoles.length === 0) return null;
  const all = consoles.map((view, index) => ({ view, index }));
  const machines = roomy ? all : all.filter(({ view }) => view.vm > 0 || consoles.length === 1);
  const others = all.filter((one) => !machines.includes(one));
  const style = { '--columns': Math.max(1, machines.length) } as React.CSSProperties;
  return (
    <div className={roomy ? 'consoles roomy' : 'consoles'}>
      <div className="console-row" style={style}>
        {machines.map(({ view, index }) => (
          <Console key={view.title} view={view} index={index} />
        ))}
      </div>
      {others.map(({ view }) => (
        <details key={view.title} className="console-line" data-testid="console" data-vm={view.vm}>
          <summary>
            <span>{view.title}</span>
            <code>{lastLine(view.text)}</code>
          </summary>
          <Scrolled as="pre">{consoleLines(view.text).join('\n')}</Scrolled>
        </details>
      ))}
    </div>
  );
});

/** Which image runs there, by the first digits of its digest: equal ones are the same bytes. */
function Image({ image }: { readonly image: ImageView }) {
  return (
    <code className="image" title={`${image.name}: SHA-256 ${image.digest}`}>
      {image.name} {image.digest.slice(0, 8)}
    </code>
  );
}

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
      <h2>
        {view.title}
        {view.image && <Image image={view.image} />}
      </h2>
      <label className="console-paper">
        <pre>
          {lines.join('\n')}
          <i className="cursor" />
        </pre>
        <input
          className="hidden"
          value=""
          aria-label={say`Keys for ${view.title}`}
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
