import { memo } from 'react';
import { say } from '../../../lib/say.ts';
import type { Hunk, SourceEdit, Typed } from '../../../session/views.ts';
import type { Bringer } from '../../store/store.ts';
import { useStage, useStageState } from '../../ui/hooks.ts';
import { Scrolled } from '../../ui/Scrolled.tsx';

/** What a link has changed of the sources here, and what it types: a reader must not take it for ours, nor for another's what was made here. */
export const Linked = memo(function Linked() {
  const linked = useStageState((s) => (s.linkError === null ? s.linked : null));
  const { controller } = useStage();
  if (!linked) return null;
  const { edits, inputs, by } = linked;
  const changed = edits.map(counted).join('; ');
  return (
    <div className="notices" data-testid="linked">
      <div className="band" role="status">
        <div>
          {edits.length > 0 && (
            <details>
              <summary>{changedBy(by, changed)}</summary>
              {edits.map((edit) => (
                <Changed key={edit.path} edit={edit} />
              ))}
            </details>
          )}
          {inputs.length > 0 && <p>{typedBy(by, keysOf(inputs))}</p>}
        </div>
        <button type="button" className="tool" onClick={controller.revert}>
          {say`Undo`}
        </button>
      </div>
    </div>
  );
});

function changedBy(by: Bringer, changed: string): string {
  if (by === 'here') return say`Changed here, earlier: ${changed}`;
  return by === 'link' ? say`Changed by this link: ${changed}` : say`Changed by this file: ${changed}`;
}

function typedBy(by: Bringer, keys: string): string {
  if (by === 'here') return say`Typed here, earlier: ${keys}`;
  return by === 'link' ? say`Typed by this link: ${keys}` : say`Typed by this file: ${keys}`;
}

function Changed({ edit: { path, hunks } }: { readonly edit: SourceEdit }) {
  return (
    <Scrolled as="pre">
      {hunks.map(([line, gone, ...come]) => (
        <span key={line}>
          {gone > 0 ? say`${path}, line ${line}: ${gone} gone` : say`${path}, before line ${line}`}
          {'\n'}
          <ins>{come.map((text) => `+ ${text}\n`).join('')}</ins>
        </span>
      ))}
    </Scrolled>
  );
}

const linesOf = ([, gone, ...come]: Hunk): number => Math.max(gone, come.length);

function counted({ path, hunks }: SourceEdit): string {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const lines = hunks.reduce((sum, hunk) => sum + linesOf(hunk), 0);
  return lines === 1 ? say`${name}, 1 line` : say`${name}, ${lines} lines`;
}

const MOST_KEYS = 60;

/** What is typed as it would be written; control characters by their names. */
function keysOf(inputs: readonly Typed[]): string {
  const all = inputs.map(([, , text]) => text).join('');
  const shown = all
    .slice(0, MOST_KEYS)
    .replace(/\r/g, '⏎')
    .replace(/\p{Cc}/gu, '·');
  return all.length > MOST_KEYS ? `${shown}…` : shown;
}
