import { Fragment, memo, useMemo } from 'react';
import { costBar, exitBar } from '../../../figures/exits.ts';
import { vmMark } from '../../../figures/glyph.ts';
import { count } from '../../../figures/words.ts';
import { say, told } from '../../../lib/say.ts';
import type { Ring } from '../../../session/views.ts';
import { selectionOf } from '../../store/selecting.ts';
import { Figure } from '../../ui/Figure.tsx';
import { useStage, useStageState } from '../../ui/hooks.ts';
import { type CountRow, type ExitDetail, type ExitsModel, exitsModel } from './model.ts';

interface ExitsProps {
  readonly width: number;
  /** Without the exit taken apart: the room is needed. */
  readonly brief?: boolean;
}

/** Exits by reason, the latest six, and one of them taken apart. */
export const Exits = memo(function Exits({ width, brief }: ExitsProps) {
  const view = useStageState((s) => s.frame?.view.exits ?? null);
  const order = useStageState((s) => s.exitOrder);
  const selected = useStageState(selectionOf);
  const vector = useStageState((s) => s.frame?.view.timeline.ticks.find(({ n }) => n === selectionOf(s))?.code ?? null);
  const running = useStageState((s) => s.frame?.running ?? false);
  const { controller } = useStage();
  const model = useMemo(() => (view ? exitsModel(view, order, selected, vector) : null), [view, order, selected, vector]);
  const ring: Ring = view?.kind === 'interrupts' ? '0' : 'm';
  return (
    <section className="pane exits" aria-label={model?.title ?? say`VM exits`} data-testid="exits">
      <h2 className="pane-title">
        {model?.title ?? say`VM exits`}
        {model?.stale && !running && (
          <button type="button" className="quiet" onClick={controller.sortExits}>
            {say`sort`}
          </button>
        )}
        {model && model.rows.length > 0 && <span className="sub">{model.summary}</span>}
      </h2>
      {model && model.rows.length === 0 && <p className="empty">{model.empty}</p>}
      {model && model.rows.length > 0 && (
        <ul className="exit-rows">
          {model.rows.map((row) => (
            <Count key={row.code} row={row} domain={model.domain} ring={ring} bar={width < 320 ? 64 : 92} />
          ))}
        </ul>
      )}
      {model && model.latest.length > 0 && <Latest latest={model.latest} />}
      {model?.detail && !brief && <Detail detail={model.detail} width={width} />}
    </section>
  );
});

const Count = memo(
  function Count({
    row,
    domain,
    ring,
    bar,
  }: {
    readonly row: CountRow;
    readonly domain: number;
    readonly ring: Ring;
    readonly bar: number;
  }) {
    const { controller } = useStage();
    const inside = (
      <>
        <span className="no">{row.code}</span>
        <span className="nm">{row.title}</span>
        <Figure figure={exitBar(row.count, domain, bar, ring)} />
        <span className="ct">{count(row.count)}</span>
      </>
    );
    return (
      <li className={`exit-row${row.selected ? ' selected' : ''}`}>
        {row.latest === null ? (
          <span className="exit-cells">{inside}</span>
        ) : (
          <button type="button" className="exit-cells" aria-pressed={row.selected} onClick={() => controller.select(row.latest)}>
            {inside}
          </button>
        )}
      </li>
    );
  },
  (a, b) => a.domain === b.domain && a.bar === b.bar && a.ring === b.ring && JSON.stringify(a.row) === JSON.stringify(b.row),
);

function Latest({ latest }: { readonly latest: ExitsModel['latest'] }) {
  const { controller } = useStage();
  return (
    <div className="latest">
      <span id="latest-name">{say`latest`}</span>
      <ul aria-labelledby="latest-name">
        {latest.map((exit) => (
          <li key={exit.index}>
            <button
              type="button"
              aria-pressed={exit.selected}
              aria-label={[`${exit.code} ${exit.name}`, exit.owner, say`number ${exit.index}`].filter(Boolean).join(', ')}
              title={exit.name}
              onClick={() => controller.select(exit.n)}
            >
              {exit.vm > 0 && <Figure figure={vmMark(exit.vm, 12, exit.owner)} hidden />}
              {exit.code}
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** `Exit qualification 00200040h`; what has one meaning only says it here. */
function Note({ info }: { readonly info: ExitDetail['infos'][number] }) {
  return (
    <span className="exit-info">
      {info.name} <code>{info.value}</code>
      {info.fields.length === 1 && ` ${info.fields[0]?.meaning}`}
    </span>
  );
}

const Detail = memo(
  function Detail({ detail, width }: { readonly detail: ExitDetail; readonly width: number }) {
    const brief = detail.infos.filter(({ fields }) => fields.length < 2);
    const long = detail.infos.filter(({ fields }) => fields.length >= 2);
    return (
      <div className="exit-detail">
        <p className="exit-head">
          {detail.vm > 0 && <Figure figure={vmMark(detail.vm)} hidden />}
          <b>{detail.heading}</b>
          <span>
            {detail.place} <code>{detail.address}</code>
            {detail.instruction && (
              <>
                , <code>{detail.instruction}</code>
              </>
            )}
          </span>
        </p>
        {long.map((info, i) => (
          <Fragment key={info.name}>
            <p className="exit-note">
              <Note info={info} />
              {i === 0 && brief.map((other) => <Note key={other.name} info={other} />)}
            </p>
            <dl className={info.fields.length > 4 || long.length > 1 || brief.length > 0 ? 'bits many' : 'bits'}>
              {info.fields.map((field) => (
                <div key={field.bits} className="bit">
                  <dt>{field.bits}</dt>
                  <dd>
                    <b>{field.value}</b> <span>{field.meaning}</span>
                  </dd>
                </div>
              ))}
            </dl>
          </Fragment>
        ))}
        {long.length === 0 && brief.length > 0 && (
          <p className="exit-note">
            {brief.map((info) => (
              <Note key={info.name} info={info} />
            ))}
          </p>
        )}
        {detail.cycles && (
          <>
            <div className="cost-bar">
              <Figure figure={costBar(detail.parts, width, 'exit-cost')} />
            </div>
            <ul className="cost-key">
              {detail.parts.map((part) => (
                <li key={part.name}>
                  <i className={part.crossing ? 'k x' : 'k'} />
                  {told(part.name)} <b>{count(part.cycles)}</b>
                </li>
              ))}
              <li className="cost-sum">{detail.cycles}</li>
            </ul>
          </>
        )}
      </div>
    );
  },
  (a, b) => a.width === b.width && JSON.stringify(a.detail) === JSON.stringify(b.detail),
);
