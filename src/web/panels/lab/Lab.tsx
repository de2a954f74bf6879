import { Fragment, useEffect, useRef, useState } from 'react';
import { say, told } from '../../../lib/say.ts';
import type { LabRowView, LabVerdictView } from '../../../session/lab.ts';
import type { Client } from '../../../worker/protocol.ts';
import { useStage } from '../../ui/hooks.ts';
import { phrase } from '../../ui/phrase.tsx';
import { Scrolled } from '../../ui/Scrolled.tsx';
import { FILTERS, type Filter, inGuest, list, shown } from './model.ts';
import { useLab } from './useLab.ts';

/** The lab: every instruction by class, with what its runs have shown. */
export function Lab({ connect, close }: { readonly connect: () => Client; readonly close: () => void }) {
  const lab = useLab(connect);
  const { controller } = useStage();
  const [filter, setFilter] = useState<Filter>('critical');
  const [sought, setSought] = useState('');
  const [cpu, setCpu] = useState('');
  const [open, setOpen] = useState('');
  const [refused, setRefused] = useState('');
  const search = useRef<HTMLInputElement>(null);
  useEffect(() => search.current?.focus(), []);
  const rows = shown(lab.rows, filter, sought);
  const verdict = lab.verdicts.find((one) => one.cpu === cpu) ?? lab.verdicts.find(({ extension }) => extension !== null);
  const count = (one: Filter) => shown(lab.rows, one, '').length;
  const show = async (row: LabRowView, evidence: number) => {
    const program = await lab.program(row.id, evidence);
    if (program === null) {
      setRefused(say`The machine on the stage is a Core Duo, which does not come to this ${row.name}: rm1 lab --instruction shows it.`);
      return;
    }
    close();
    controller.open(program);
  };
  return (
    <>
      <p>
        {say`Can a kernel run without privilege, and a monitor be told of all that matters? Each instruction is run in rings 0, 1 and 3, with one register of the system changed in turn; its class is what came out.`}
      </p>
      <p role="status" className="lab-status">
        {lab.failed ||
          refused ||
          (lab.done ? say`${lab.rows.length} rows of the table, run now, in this page.` : say`Running: ${lab.rows.length} rows so far.`)}
      </p>
      <div className="lab-controls">
        <input
          ref={search}
          type="search"
          className="search"
          placeholder={say`Find an instruction or a register`}
          aria-label={say`Find an instruction or a register`}
          value={sought}
          onChange={(event) => setSought(event.currentTarget.value)}
        />
        <fieldset className="segments">
          <legend className="hidden">{say`Class`}</legend>
          {FILTERS.map(({ value, title }) => (
            <label key={value} className={value === filter ? 'on' : ''}>
              <input type="radio" name="lab-class" checked={value === filter} onChange={() => setFilter(value)} />
              {told(title)} <span className="lab-count">{count(value)}</span>
            </label>
          ))}
        </fieldset>
      </div>
      {verdict && <VerdictLine verdict={verdict} verdicts={lab.verdicts} choose={setCpu} />}
      <Scrolled aria-label={say`Instructions`} className="lab-table">
        <table>
          <thead>
            <tr>
              <th scope="col">{say`Instruction`}</th>
              <th scope="col">{say`Class`}</th>
              <th scope="col">{say`Reads`}</th>
              <th scope="col">{say`Writes`}</th>
              <th scope="col">{say`In a guest`}</th>
              <th scope="col">{say`Published`}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <Fragment key={row.id}>
                <tr className={row.critical ? 'critical' : ''}>
                  <th scope="row">
                    <button type="button" aria-expanded={open === row.id} onClick={() => setOpen(open === row.id ? '' : row.id)}>
                      <b>{row.name}</b> <code>{row.encoding}</code>
                    </button>
                  </th>
                  <td>{row.missing === '' ? told(row.class) : say`not run`}</td>
                  <td>{list(row.reads)}</td>
                  <td>{list(row.writes)}</td>
                  <td>{inGuest(verdict, row.id)}</td>
                  <td>{row.listed ?? ''}</td>
                </tr>
                {open === row.id && (
                  <tr className="lab-evidence">
                    <td colSpan={6}>
                      <Details row={row} show={show} again={() => lab.again(row.id)} />
                    </td>
                  </tr>
                )}
              </Fragment>
            ))}
          </tbody>
        </table>
        {lab.done && rows.length === 0 && <p className="empty">{say`No instruction here has “${sought}”.`}</p>}
      </Scrolled>
    </>
  );
}

interface VerdictProps {
  readonly verdict: LabVerdictView;
  readonly verdicts: readonly LabVerdictView[];
  readonly choose: (cpu: string) => void;
}

function VerdictLine({ verdict, verdicts, choose }: VerdictProps) {
  const name = verdict.extension === 'svm' ? 'AMD-V' : 'VT-x';
  return (
    <div className="lab-verdict">
      <label>
        <span>{say`Processor`}</span>
        <select value={verdict.cpu} onChange={(event) => choose(event.currentTarget.value)}>
          {verdicts.map(({ cpu, title }) => (
            <option key={cpu} value={cpu}>
              {title}
            </option>
          ))}
        </select>
      </label>
      <ul>
        <li>{phrase`${<b>{say`Without an extension`}</b>} fails: ${verdict.critical.length} rows are sensitive and not privileged.`}</li>
        {verdict.guests.map(({ intercepts }, k) => (
          <li key={intercepts}>
            <b>{intercepts === 'all' ? say`${name}, every intercept on` : say`${name}, only what must be on`}</b> {verdict.summaries[k]}.
          </li>
        ))}
      </ul>
    </div>
  );
}

interface DetailsProps {
  readonly row: LabRowView;
  readonly show: (row: LabRowView, evidence: number) => void;
  readonly again: () => void;
}

function Details({ row, show, again }: DetailsProps) {
  const { runs, cpu, explanation, unless, evidence, missing } = row;
  const ran = ([0, 1, 3] as const).map((ring) => say`ring ${ring} ran it ${runs[ring].runs} times, ${runs[ring].traps} trapped`);
  return (
    <>
      {missing !== '' && <p>{say`Not run: the simulator does not have ${missing}.`}</p>}
      {explanation && <p>{explanation}</p>}
      {unless.length > 0 && <p>{say`Privileged only while a monitor does not let it through: ${unless.join(', ')}.`}</p>}
      <ul>
        {evidence.map(({ shows, of, sentence }, k) => (
          <li key={`${shows} ${of}`}>
            <span>{sentence}</span>
            <button type="button" className="tool" aria-label={say`Open on the stage: ${shows} ${of}`} onClick={() => show(row, k)}>
              {say`Open on the stage`}
            </button>
          </li>
        ))}
      </ul>
      <p className="lab-runs">
        {say`On ${cpu}: ${ran.join('; ')}.`}{' '}
        <button type="button" className="tool" onClick={again}>
          {say`Run it again`}
        </button>
      </p>
    </>
  );
}
