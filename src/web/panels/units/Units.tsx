import { memo } from 'react';
import { hex, TRANSLATION_WORDS } from '../../../figures/words.ts';
import { say, told } from '../../../lib/say.ts';
import type { TranslatedView, TranslationView, UnitView } from '../../../session/views.ts';
import { cacheSentence, shares, unitTitle } from './model.ts';

/** What a monitor that translates has made of its guest's kernel: the unit at hand, original beside translation, and the cache in figures. */
export const Units = memo(function Units({ translation }: { readonly translation: TranslationView }) {
  const { unit } = translation;
  return (
    <div className="block units" data-testid="units">
      <p className="block-what">{unitTitle(translation)}</p>
      {unit && (
        <table className="unit">
          <thead>
            <tr>
              <th scope="col">{say`the guest’s`}</th>
              <th scope="col">{say`translated`}</th>
              <th scope="col">
                <span className="hidden">{say`what was done`}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {unit.rows.map((row) => (
              <Row key={row.original} row={row} />
            ))}
            {unit.ways.length > 0 && <Ways ways={unit.ways} />}
          </tbody>
        </table>
      )}
      <ul className="unit-shares" aria-label={say`Of all instructions of VM ${translation.vm} that were translated`}>
        {shares(translation).map(({ kind, text, share }) => (
          <li key={kind}>
            <i className={kind} style={{ width: `${Math.max(1, Math.round(share * 100))}%` }} aria-hidden="true" />
            <span>{text}</span>
          </li>
        ))}
      </ul>
      <p className="unit-cache">{cacheSentence(translation)}</p>
    </div>
  );
});

function Row({ row }: { readonly row: TranslatedView }) {
  const done = told(TRANSLATION_WORDS[row.kind]);
  return (
    <tr
      className={`${row.kind}${row.current ? ' current' : ''}`}
      aria-current={row.current ? 'step' : undefined}
      title={row.source || undefined}
    >
      <th scope="row">
        <code className="at">{hex(row.original)}</code> {row.kind === 'copied' ? <code>{row.text}</code> : <s>{row.text}</s>}
      </th>
      <td>
        <Made made={row.made} />
      </td>
      <td>{done}</td>
    </tr>
  );
}

function Ways({ ways }: { readonly ways: UnitView['ways'] }) {
  return (
    <tr>
      <th scope="row" className="way">
        {say`and on`}
      </th>
      <td>
        <Made made={ways} />
      </td>
      <td>{say`the way out`}</td>
    </tr>
  );
}

function Made({ made }: { readonly made: UnitView['ways'] }) {
  return made.map(({ address, text }) => (
    <code key={address} className="made">
      <span className="at">{hex(address)}</span> {text}
    </code>
  ));
}
