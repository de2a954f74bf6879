import { type CSSProperties, useEffect, useState } from 'react';
import { count } from '../../../figures/words.ts';
import { say, told } from '../../../lib/say.ts';
import type { CostsProgress, CostsView } from '../../../session/costs/view.ts';
import type { Client } from '../../../worker/protocol.ts';
import { Noted } from '../../ui/Noted.tsx';
import { phrase } from '../../ui/phrase.tsx';
import { Scrolled } from '../../ui/Scrolled.tsx';
import { logAxis } from './axis.ts';
import { SameGuest } from './SameGuest.tsx';
import { SIDES, withoutCycles } from './same-guest.ts';

const FIRST = 'p4-672-2005';

/** The techniques side by side: the same work of a guest, in cycles, counted now in a machine of its own. */
export function Costs({ connect }: { readonly connect: () => Client }) {
  const [profile, setProfile] = useState(FIRST);
  const [progress, setProgress] = useState<CostsProgress | null>(null);
  const [failed, setFailed] = useState('');
  useEffect(() => {
    const machine = connect();
    machine.onAnswer((answer) => {
      if (answer.type === 'costs') setProgress(answer.progress);
      else if (answer.type === 'died' || answer.type === 'refused') setFailed(answer.message);
    });
    machine.send({ type: 'costs', id: 1, profile });
    return () => machine.close();
  }, [connect, profile]);
  const view = progress?.view ?? null;
  return (
    <>
      <p>
        {say`One kernel does one thing again and again, the same bytes under each technique. Cycles are counted from outside, between two marks, less those of the empty loop.`}
      </p>
      <div className="lab-controls">
        <label>
          {say`Cycles per event:`}{' '}
          <select
            value={profile}
            onChange={(event) => {
              setProgress(progress && { ...progress, view: null });
              setProfile(event.currentTarget.value);
            }}
          >
            {(progress?.profiles ?? [{ name: FIRST, title: FIRST }]).map(({ name, title }) => (
              <option key={name} value={name}>
                {title}
              </option>
            ))}
          </select>
        </label>
        <p role="status" className="lab-status">
          {failed || (view ? said(view) : say`Measuring: ${progress?.measuring ?? say`starting`} …`)}
        </p>
      </div>
      {view && <Comparison view={view} />}
    </>
  );
}

const said = ({ statuses }: CostsView): string =>
  say`Of the single costs ${statuses.measured} are measured, ${statuses.reported} reported, ${statuses.unverified} unverified.`;

function Comparison({ view }: { readonly view: CostsView }) {
  const { ways, loads, cells, paper, orders } = view;
  const axis = logAxis(ways.flatMap((way) => loads.map(({ id }) => cells[way.id]?.[id]?.cycles ?? 0)));
  return (
    <Scrolled aria-label={say`Costs`} className="lab-table costs">
      <p className="costs-key">
        {say`Who had the processor:`}
        {SIDES.map(([side, title]) => (
          <span key={side}>
            <i data-side={side} /> {told(title)}
          </span>
        ))}
        <span>{say`Ring 1 is grey, and a monitor then in ring 0.`}</span>
      </p>
      <SameGuest view={view} />
      {loads.map((load) => (
        <table key={load.id}>
          <caption>
            <b>{load.title}</b> {load.what}
          </caption>
          <thead className="hidden">
            <tr>
              <th scope="col">{say`Technique`}</th>
              <th scope="col">{say`Cycles`}</th>
              <th scope="col">{say`In the paper`}</th>
              <th scope="col">{say`Ways into the monitor`}</th>
            </tr>
          </thead>
          <tbody>
            {ways.map((way) => {
              const account = cells[way.id]?.[load.id] ?? null;
              const figure = paper[load.id]?.[way.id];
              return (
                <tr key={way.id}>
                  <th scope="row">{way.title}</th>
                  <td className="costs-bar">
                    {account === null ? (
                      <i>{withoutCycles(way.id)}</i>
                    ) : (
                      <>
                        <Bar bySide={account.bySide} deprivileged={way.deprivileged} share={axis.share(account.cycles)} />
                        <Noted note={shared(account.bySide)}>{count(account.cycles)}</Noted>
                      </>
                    )}
                  </td>
                  <td>{figure && (figure.note === undefined ? inPaper(figure) : <Noted note={figure.note}>{inPaper(figure)}</Noted>)}</td>
                  <td>{account && exitsOf(account.exits)}</td>
                </tr>
              );
            })}
          </tbody>
          <tfoot aria-hidden="true">
            <tr>
              <td />
              <td className="costs-axis">
                <span className="costs-ticks">
                  {axis.ticks.map(({ value, share, numbered }) => (
                    <b key={value} style={along(share)}>
                      {numbered && count(value)}
                    </b>
                  ))}
                </span>
              </td>
              <td colSpan={2}>{say`cycles`}</td>
            </tr>
          </tfoot>
        </table>
      ))}
      <h3>{say`What the paper says, and what comes out here`}</h3>
      <ul className="costs-orders">
        {orders.map(({ text, holds }) => (
          <li key={text}>
            {text}: <b>{holds ? say`so it is` : say`not so`}</b>
          </li>
        ))}
      </ul>
      <p>
        {phrase`The length of a bar is logarithmic; its colours share it as the cycles were shared. The paper is Adams and Agesen, 2006; what could not be checked is marked. ${<code>rm1 costs --vary</code>} changes each cost that is not measured by half either way, and says which of these orders survive.`}
      </p>
    </Scrolled>
  );
}

/** A length or a place on the axis, as the style of what has it. */
const along = (share: number) => ({ '--share': share }) as CSSProperties;

type BySide = NonNullable<CostsView['cells'][string][string]>['bySide'];

const shared = (bySide: BySide): string => SIDES.map(([side, title]) => `${told(title)} ${count(bySide[side])}`).join(', ');

const inPaper = ({ status, cycles }: Pick<CostsView['paper'][string][string], 'status' | 'cycles'>): string =>
  status === 'remembered' ? say`paper: ${count(cycles)}, not checked` : say`paper: ${count(cycles)}`;

function Bar({ bySide, deprivileged, share }: { readonly bySide: BySide; readonly deprivileged: boolean; readonly share: number }) {
  return (
    <span className="costs-shares" data-deprivileged={deprivileged || undefined} style={along(share)}>
      {SIDES.map(([side]) => (
        <i key={side} data-side={side} style={{ flexGrow: Math.max(0, bySide[side]) }} />
      ))}
    </span>
  );
}

function exitsOf(exits: Readonly<Record<string, number>>): string {
  return Object.entries(exits)
    .filter(([, times]) => times >= 0.05)
    .sort(([, a], [, b]) => b - a)
    .slice(0, 3)
    .map(([name, times]) => `${name} ${Number(times.toFixed(1))}`)
    .join(', ');
}
