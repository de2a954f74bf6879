import { memo } from 'react';
import { hex } from '../../../figures/words.ts';
import { say } from '../../../lib/say.ts';
import type { SegmentView, SystemRegister, TablesView, TssView } from '../../../session/views.ts';
import { useStage, useStageState } from '../../ui/hooks.ts';
import { usePart } from '../parts/usePart.ts';
import { RegisterBits } from './Bits.tsx';
import { Descriptors } from './Descriptors.tsx';

/** Control registers and flags, segments, descriptor tables and the TSS: the processor's, or the guest's own. */
export const Tables = memo(function Tables() {
  const guest = useStageState((s) => s.guestTables);
  const view = usePart({ part: 'tables', guest });
  if (!view) return <p className="empty">{say`The tables come with the machine’s next answer.`}</p>;
  return (
    <div className="part tables" data-testid="tables">
      <Whose view={view} />
      <Registers registers={view.registers} />
      <Segments segments={view.segments} />
      {view.transfer && <p className="part-note">{view.transfer}</p>}
      {view.tables.map((table) => (
        <Descriptors key={table.name} table={table} guest={view.guest} />
      ))}
      {view.tss && <Tss tss={view.tss} />}
    </div>
  );
});

function Whose({ view }: { readonly view: TablesView }) {
  const { controller } = useStage();
  return (
    <>
      {view.own !== '' && (
        <fieldset className="segments">
          <legend className="hidden">{say`Whose tables`}</legend>
          {[false, true].map((own) => (
            <label key={String(own)} className={own === view.guest ? 'on' : ''}>
              <input type="radio" name="whose-tables" checked={own === view.guest} onChange={() => controller.setGuestTables(own)} />
              {own ? view.own : say`The processor’s`}
            </label>
          ))}
        </fieldset>
      )}
      <p className="part-note">{view.whose}</p>
    </>
  );
}

function Registers({ registers }: { readonly registers: readonly SystemRegister[] }) {
  return (
    <section aria-label={say`Control registers and flags`}>
      {registers.map((register) => (
        <Register key={register.name} register={register} />
      ))}
    </section>
  );
}

const Register = memo(function Register({ register }: { readonly register: SystemRegister }) {
  const { name, value, other, says, bits } = register;
  const set = bits.filter((bit) => bit.set && !bit.bits.includes(':')).map((bit) => bit.name);
  const head = (
    <>
      <b>{name}</b> <code>{hex(value)}</code> <span>{says || set.join(' ')}</span>
    </>
  );
  return (
    <div className="system-register">
      {bits.length === 0 ? (
        <p className="register-head">{head}</p>
      ) : (
        <details>
          <summary className="register-head">{head}</summary>
          <RegisterBits bits={bits} />
        </details>
      )}
      {other && (
        <p className="register-other">
          {other.whose} <code>{hex(other.value)}</code>
        </p>
      )}
      <ul className="now">
        {bits
          .filter((bit) => bit.now !== '')
          .map((bit) => (
            <li key={bit.name}>{bit.now}</li>
          ))}
      </ul>
    </div>
  );
});

/** Selector, and the hidden part that the processor took from its descriptor. */
function Segments({ segments }: { readonly segments: readonly SegmentView[] }) {
  return (
    <table className="part-table segments-table">
      <caption>{say`Segment registers and their hidden part`}</caption>
      <thead>
        <tr>
          <th scope="col">
            <span className="hidden">{say`register`}</span>
          </th>
          <th scope="col">{say`selector`}</th>
          <th scope="col">{say`base`}</th>
          <th scope="col">{say`limit`}</th>
        </tr>
      </thead>
      {segments.map((segment) => (
        <tbody key={segment.name}>
          <tr>
            <th scope="row" rowSpan={2}>
              {segment.name}
            </th>
            <td>
              <code>{hex(segment.selector, 4)}</code>
            </td>
            <td>
              <code>{hex(segment.base)}</code>
            </td>
            <td>
              <code>{hex(segment.limit)}</code>
            </td>
          </tr>
          <tr className="more">
            <td colSpan={3}>
              {segment.rights}
              {segment.differs && <em> {segment.differs}</em>}
            </td>
          </tr>
        </tbody>
      ))}
    </table>
  );
}

function Tss({ tss }: { readonly tss: TssView }) {
  const { controller } = useStage();
  return (
    <details className="part-group" open>
      <summary>
        TSS <span>{tss.what}</span>
      </summary>
      <p className="part-note">
        <button type="button" className="link" onClick={() => controller.lookAt({ space: 'linear', address: tss.base })}>
          {hex(tss.base)}
        </button>
      </p>
      <table className="part-table">
        <caption className="hidden">TSS</caption>
        <thead className="hidden">
          <tr>
            <th scope="col">{say`offset`}</th>
            <th scope="col">{say`field`}</th>
            <th scope="col">{say`value`}</th>
          </tr>
        </thead>
        <tbody>
          {tss.fields.map((field) => (
            <tr key={field.offset} className={field.lit ? 'lit' : undefined}>
              <td>
                <code>{hex(field.offset, 2)}</code>
              </td>
              <th scope="row">
                {field.name}
                {field.now && <span className="sub">{field.now}</span>}
              </th>
              <td>
                <code>{field.value}</code>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}
