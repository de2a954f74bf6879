import type { Page } from '../../../lessons/lesson.ts';
import { say } from '../../../lib/say.ts';
import { useStage, useStageState } from '../../ui/hooks.ts';

/** Lines that the page proposes to change, before and after, and the way to do it. */
export function ChangeTask({ page }: { readonly page: Page & { readonly change: NonNullable<Page['change']> } }) {
  const { controller } = useStage();
  const { path, old, new: better } = page.change;
  const made = useStageState((s) => s.frame?.setup.edits.some((edit) => edit.path === path) ?? false);
  const place = page.place === 'start' ? null : page.place;
  return (
    <div className="change" data-testid="change">
      <p className="change-path">{path}</p>
      <pre>
        <Lines text={old} mark="−" />
        <Lines text={better} mark="+" />
      </pre>
      {made ? (
        <p role="status">
          {say`This machine runs the changed lines.`}{' '}
          <button type="button" className="quiet" onClick={controller.revert}>
            {say`undo the change`}
          </button>
        </p>
      ) : (
        <button type="button" className="tool" onClick={() => controller.makeChange(page.change, place, page.predict)}>
          {say`Make this change`}
        </button>
      )}
    </div>
  );
}

function Lines({ text, mark }: { readonly text: string; readonly mark: '−' | '+' }) {
  const Tag = mark === '+' ? 'ins' : 'del';
  return (
    <Tag>
      {text
        .split('\n')
        .map((line) => `${mark} ${line}`)
        .join('\n')}
      {'\n'}
    </Tag>
  );
}
