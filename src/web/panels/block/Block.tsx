import { memo, useEffect, useMemo, useRef, useState } from 'react';
import { hex } from '../../../figures/words.ts';
import { say } from '../../../lib/say.ts';
import type { BlockField, BlockGroup, WhyCheck } from '../../../session/views.ts';
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
  const [about, setAbout] = useState(false);
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
  const groups = block.groups.map((group) => ({ ...group, fields: group.fields.filter((field) => found(field, sought, about)) }));
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
      {block.groups.some(({ fields }) => fields.some((field) => field.about !== '')) && (
        <label className="block-about">
          <input type="checkbox" checked={about} onChange={(event) => setAbout(event.currentTarget.checked)} />{' '}
          {say`What each field is for`}
        </label>
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
        <Group key={group.title} group={group} changed={changed} about={about} />
      ))}
      {sought !== '' && groups.every((group) => group.fields.length === 0) && (
        <p className="empty">{say`No field has “${sought}” in its name, number or meaning.`}</p>
      )}
      {sought === '' && block.checks.length > 0 && <Checks checks={block.checks} by={block.kind === 'VMCB' ? 'VMRUN' : 'VMLAUNCH'} />}
    </div>
  );
});

/** What an entry checks, in its order, as it would come out with what is in the block now. */
function Checks({ checks, by }: { readonly checks: readonly WhyCheck[]; readonly by: string }) {
  const failed = checks.find(({ outcome }) => outcome === 'failed');
  return (
    <details className="block-group">
      <summary>
        {say`Checks of an entry`}{' '}
        <span>
          {failed ? say`this one would refuse it: ${failed.rule}` : say`all ${checks.length} hold now; ${by} makes them in this order`}
        </span>
      </summary>
      <ol className="block-checks">
        {checks.map((check) => (
          <li key={check.rule} data-outcome={check.outcome}>
            {check.rule} <code>{check.found}</code>
          </li>
        ))}
      </ol>
    </details>
  );
}

interface GroupProps {
  readonly group: BlockGroup;
  readonly changed: ReadonlySet<string>;
  /** Say what each field is for. */
  readonly about: boolean;
}

function Group({ group, changed, about }: GroupProps) {
  if (group.fields.length === 0) return null;
  return (
    <details className="block-group" open>
      <summary>
        {group.title} <span>{group.when}</span>
      </summary>
      <ul>
        {group.fields.map((field) => (
          <Field key={field.id} field={field} changed={changed.has(field.id)} about={about} />
        ))}
      </ul>
    </details>
  );
}

interface FieldProps {
  readonly field: BlockField;
  readonly changed: boolean;
  readonly about: boolean;
}

const Field = memo(function Field({ field, changed, about }: FieldProps) {
  return (
    <li className={`block-field${changed ? ' changed' : ''}${field.refused ? ' refused' : ''}`}>
      <code className="block-id">{field.id}</code>
      <span className="block-name" title={field.about}>
        {field.name}
      </span>
      <code className="block-value">{field.value}</code>
      {about && field.about && <span className="block-for">{field.about}</span>}
      {field.meaning && <span className="block-meaning">{field.meaning}</span>}
    </li>
  );
});
