import type { CSSProperties } from 'react';
import { glyph } from '../../../figures/glyph.ts';
import { count } from '../../../figures/words.ts';
import { say } from '../../../lib/say.ts';
import type { CostsView } from '../../../session/costs/view.ts';
import { Figure } from '../../ui/Figure.tsx';
import { type SameGuest as Rows, sameGuest } from './same-guest.ts';

/** px */
const GLYPH = 28;

/** One load whole, under every technique: a column for who ran, one scale across all of them, the total beside the bare machine's. */
export function SameGuest({ view }: { readonly view: CostsView }) {
  const same = sameGuest(view);
  if (same === null) return null;
  return (
    <table className="same-guest">
      <caption>
        <b>{say`The same guest, ${view.ways.length} ways`}</b>{' '}
        {say`${same.title}: ${same.what}. A column is who ran, its colour the ring the processor was in; all bars have one scale.`}
      </caption>
      <thead>
        <tr>
          <th scope="col">{say`Technique`}</th>
          {same.columns.map(({ side, title }) => (
            <th key={side} scope="col">
              {title}
            </th>
          ))}
          <th scope="col" className="total">{say`Cycles`}</th>
        </tr>
      </thead>
      <tbody>
        {same.rows.map((row) => (
          <tr key={row.id}>
            <th scope="row">
              <span className="way">
                <Figure figure={glyph(GLYPH, { kind: row.kind })} /> {row.title}
              </span>
            </th>
            <Cells row={row} columns={same.columns} />
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Cells({ row: { parts, cycles, times, why }, columns }: { readonly row: Rows['rows'][number]; readonly columns: Rows['columns'] }) {
  if (parts === null) {
    return (
      <td colSpan={columns.length + 1}>
        <i>{why}</i>
      </td>
    );
  }
  return (
    <>
      {parts.map(({ side, ring, share, spent }, i) => (
        <td key={side} className="part-of" data-title={columns[i]?.title} data-spent={spent >= 1}>
          {spent < 1 ? (
            <span aria-hidden="true">–</span>
          ) : (
            <>
              <i data-ring={ring ?? undefined} data-side={side} style={{ '--share': share } as CSSProperties} />
              {count(spent)}
              {ring !== null && <small data-ring={ring}> {say`ring ${ring === 'm' ? '−1' : ring}`}</small>}
            </>
          )}
        </td>
      ))}
      <td className="total">
        <b>{count(cycles)}</b> <small>{times}</small>
      </td>
    </>
  );
}
