import { Fragment, memo, useState } from 'react';
import { hex } from '../../../figures/words.ts';
import { say } from '../../../lib/say.ts';
import type { DescriptorTable, TableEntry } from '../../../session/views.ts';
import { useStage } from '../../ui/hooks.ts';
import { EntryBits } from './Bits.tsx';

/** A descriptor table: each entry a row, which opens into its bits. What the last transfer went through is lit. */
export const Descriptors = memo(function Descriptors({ table, guest }: { readonly table: DescriptorTable; readonly guest: boolean }) {
  const { controller } = useStage();
  const [open, setOpen] = useState<number | null>(null);
  const isVectors = table.name === 'IDT' || table.name === 'IVT';
  return (
    <details className="part-group" open>
      <summary>
        {table.name} <span>{say`limit ${hex(table.limit, 4)}, ${table.empty} entries are 0`}</span>
      </summary>
      <p className="part-note">
        {guest ? (
          <code>{hex(table.base)}</code>
        ) : (
          <button
            type="button"
            className="link"
            title={say`Look at the ${table.name} in memory`}
            onClick={() => controller.lookAt({ space: 'linear', address: table.base })}
          >
            {hex(table.base)}
          </button>
        )}{' '}
        {table.note}
      </p>
      <table className="part-table descriptors">
        <caption className="hidden">{table.name}</caption>
        <thead className="hidden">
          <tr>
            <th scope="col">{isVectors ? say`vector` : say`selector`}</th>
            <th scope="col">{say`what it is`}</th>
            <th scope="col">{isVectors ? say`for` : say`held by`}</th>
          </tr>
        </thead>
        <tbody>
          {table.entries.map((entry) => (
            <Fragment key={entry.number}>
              <Entry
                entry={entry}
                digits={isVectors ? 2 : 4}
                open={open === entry.number}
                toggle={() => setOpen(open === entry.number ? null : entry.number)}
              />
              {open === entry.number && (
                <tr className="drawing">
                  <td colSpan={3}>
                    <EntryBits entry={entry} />
                  </td>
                </tr>
              )}
            </Fragment>
          ))}
        </tbody>
      </table>
      {table.entries.length === 0 && <p className="empty">{say`No entry is other than 0.`}</p>}
    </details>
  );
});

interface EntryProps {
  readonly entry: TableEntry;
  readonly digits: number;
  readonly open: boolean;
  readonly toggle: () => void;
}

const Entry = memo(
  function Entry({ entry, digits, open, toggle }: EntryProps) {
    return (
      <tr className={entry.lit ? 'lit' : undefined}>
        <th scope="row">
          <button type="button" aria-expanded={open} onClick={toggle}>
            {hex(entry.number, digits)}
          </button>
        </th>
        <td>
          {entry.what}
          {entry.lit && <span className="hidden"> {say`used by the last transfer`}</span>}
          <code>{entry.to}</code>
        </td>
        <td>{entry.users.join(' ')}</td>
      </tr>
    );
  },
  (a, b) => a.entry === b.entry && a.open === b.open,
);
