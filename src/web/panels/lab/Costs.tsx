import { useEffect, useState } from 'react';
import type { CostsProgress, CostsView } from '../../../session/costs/view.ts';
import type { Client } from '../../../worker/protocol.ts';
import { Scrolled } from '../../ui/Scrolled.tsx';

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
        One kernel does one thing again and again, the same bytes under each technique. Cycles are counted from outside, between two marks,
        less those of the empty loop.
      </p>
      <div className="lab-controls">
        <label>
          Cycles per event:{' '}
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
          {failed || (view ? said(view) : `Measuring: ${progress?.measuring ?? 'starting'} …`)}
        </p>
      </div>
      {view && <Comparison view={view} />}
    </>
  );
}

const said = ({ statuses }: CostsView): string =>
  `Of the single costs ${statuses.measured} are measured, ${statuses.reported} reported, ${statuses.unverified} unverified.`;

const whole = (cycles: number): string => Math.round(cycles).toLocaleString('en');

function Comparison({ view }: { readonly view: CostsView }) {
  const { ways, loads, cells, paper, orders } = view;
  const most = Math.max(...ways.flatMap((way) => loads.map(({ id }) => cells[way.id]?.[id]?.cycles ?? 0)));
  const length = (cycles: number) => `${(100 * Math.log10(1 + cycles)) / Math.log10(1 + most)}%`;
  return (
    <Scrolled label="Costs" className="lab-table costs">
      <p className="costs-key">
        Who had the processor:
        {SIDES.map(([side, title]) => (
          <span key={side}>
            <i data-side={side} /> {title}
          </span>
        ))}
        <span>Ring 1 is grey, and a monitor then in ring 0.</span>
      </p>
      {loads.map((load) => (
        <table key={load.id}>
          <caption>
            <b>{load.title}</b> {load.what}
          </caption>
          <thead className="hidden">
            <tr>
              <th scope="col">Technique</th>
              <th scope="col">Cycles</th>
              <th scope="col">In the paper</th>
              <th scope="col">Ways into the monitor</th>
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
                      <i>{way.id === 'para' ? 'this kernel has no port' : 'the guest does not get to its end'}</i>
                    ) : (
                      <>
                        <Bar bySide={account.bySide} deprivileged={way.deprivileged} width={length(account.cycles)} />
                        {whole(account.cycles)}
                      </>
                    )}
                  </td>
                  <td title={figure?.note}>
                    {figure && `paper: ${whole(figure.cycles)}${figure.status === 'remembered' ? ', not checked' : ''}`}
                  </td>
                  <td>{account && exitsOf(account.exits)}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      ))}
      <h3>What the paper says, and what comes out here</h3>
      <ul className="costs-orders">
        {orders.map(({ text, holds }) => (
          <li key={text}>
            {text}: <b>{holds ? 'so it is' : 'not so'}</b>
          </li>
        ))}
      </ul>
      <p>
        The length of a bar is logarithmic; its colours share it as the cycles were shared. The paper is Adams and Agesen, 2006; what could
        not be checked is marked. <code>rm1 costs --vary</code> changes each cost that is not measured by half either way, and says which of
        these orders survive.
      </p>
    </Scrolled>
  );
}

type BySide = NonNullable<CostsView['cells'][string][string]>['bySide'];

const SIDES: readonly (readonly [side: keyof BySide, title: string])[] = [
  ['program', 'program'],
  ['kernel', 'guest’s kernel'],
  ['monitor', 'monitor'],
  ['crossing', 'between them'],
];

function Bar({ bySide, deprivileged, width }: { readonly bySide: BySide; readonly deprivileged: boolean; readonly width: string }) {
  const said = SIDES.map(([side, title]) => `${title} ${whole(bySide[side])}`).join(', ');
  return (
    <span className="costs-shares" data-deprivileged={deprivileged || undefined} style={{ width }} title={said}>
      {SIDES.map(([side]) => (
        <i key={side} data-side={side} style={{ flexGrow: Math.max(0, bySide[side]) }} />
      ))}
    </span>
  );
}

function exitsOf(exits: Readonly<Record<string, number>>): string {
  return Object.entries(exits)
    .filter(([, count]) => count >= 0.05)
    .sort(([, a], [, b]) => b - a)
    .slice(0, 3)
    .map(([name, count]) => `${name} ${Number(count.toFixed(1))}`)
    .join(', ');
}
