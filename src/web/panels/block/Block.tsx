import { memo, useEffect, useMemo, useRef, useState } from 'react';
import { hex } from '../../../figures/words.ts';
import { say } from '../../../lib/say.ts';
import type { BlockField, BlockGroup } from '../../../session/views.ts';
import { useStage, useStageState } from '../../ui/hooks.ts';
import { Units } from '../units/Units.tsx';
import { blockEmpty, blockTitle, changedFields, found } from './model.ts';
import { blockName } from './name.ts';

/** The VMCS or VMCB of the guest at hand: every field, what it says, and who reads and writes it when; under translation, the unit at hand. */
export const Block = memo(function Block() {
  const { controller } = useStage();
  const block = useStageState((s) => s.frame?.view.block);
  const translation = useStageState((s) => s.frame?.view.translation);
  const n = useStageState((s) => s.frame?.view.n ?? 0);
  const name = useStageState((s) => blockName(s.frame?.view ?? null));
  const [sought, setSought] = useState('');
  useEffect(() => {
    controller.showBlock(true);
    return () => controller.showBlock(false);
  }, [controller]);
  const before = useRef<{ readonly n: number; readonly block: typeof block }>({ n, block });
  const changed = useMemo(() => {
    const last = before.current;
    if (last.n !== n || !last.block) before.current = { n, block };
    return n === last.n + 1 ? changedFields(last.block, block) : changedFields(null, null);
  }, [n, block]);
  if (translation) return <Units translation={translation} />;
  if (block === undefined) return null;
  if (!block) return <p className="empty">{blockEmpty(name)}</p>;
  const groups = block.groups.map((group) => ({ ...group, fields: group.fields.filter((field) => found(field, sought)) }));
  return (
    <div className="block" data-testid="vmcs">
      <p className="block-what">
        {blockTitle(block)} <code>{hex(block.address)}</code>
        {block.state && <span className="sub">{block.state}</span>}
      </p>
      {block.refusal && (
        <p className="block-refusal" role="note">
          <b>{say`Entry refused.`}</b> {block.refusal}.
        </p>
      )}
      <input
        type="search"
        className="search"
        placeholder={say`Find a field`}
        aria-label={say`Find a field`}
        value={sought}
        onChange={(event) => setSought(event.currentTarget.value)}
      />
      {groups.map((group) => (
        <Group key={group.title} group={group} changed={changed} />
      ))}
      {sought !== '' && groups.every((group) => group.fields.length === 0) && (
        <p className="empty">{say`No field has “${sought}” in its name, number or meaning.`}</p>
      )}
    </div>
  );
});

function Group({ group, changed }: { readonly group: BlockGroup; readonly changed: ReadonlySet<string> }) {
  if (group.fields.length === 0) return null;
  return (
    <details className="block-group" open>
      <summary>
        {group.title} <span>{group.when}</span>
      </summary>
      <ul>
        {group.fields.map((field) => (
          <Field key={field.id} field={field} changed={changed.has(field.id)} />
        ))}
      </ul>
    </details>
  );
}

const Field = memo(function Field({ field, changed }: { readonly field: BlockField; readonly changed: boolean }) {
  return (
    <li className={`block-field${changed ? ' changed' : ''}${field.refused ? ' refused' : ''}`}>
      <code className="block-id">{field.id}</code>
      <span className="block-name">{field.name}</span>
      <code className="block-value">{field.value}</code>
      {field.meaning && <span className="block-meaning">{field.meaning}</span>}
    </li>
  );
});
