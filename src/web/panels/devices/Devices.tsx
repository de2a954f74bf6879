import { memo, useRef } from 'react';
import { hex, hexh } from '../../../figures/words.ts';
import { say } from '../../../lib/say.ts';
import type { ChipView, LineView, PicView } from '../../../session/views.ts';
import { useSize } from '../../ui/hooks.ts';
import { usePart } from '../parts/usePart.ts';
import { Disk } from './Disk.tsx';

/** Interrupt controllers, timer, serial lines and the disk: what they say, and whose interrupt waits for what. */
export const Devices = memo(function Devices() {
  const view = usePart({ part: 'devices' });
  const box = useRef<HTMLDivElement>(null);
  const { width } = useSize(box);
  return (
    <div className="part devices" data-testid="devices" ref={box}>
      {!view && <p className="empty">{say`The devices come with the machine’s next answer.`}</p>}
      {view && (
        <>
          <p className="part-note strong">{view.sentence}</p>
          {view.pics.map((pic) => (
            <Pic key={`${pic.vm} ${pic.name}`} pic={pic} />
          ))}
          {view.chips.map((chip, k) => (
            <Chip key={chip.name} chip={chip} open={k < 2} />
          ))}
          <section aria-label={say`Disk`} className="disks">
            <p className="part-title">{say`Disk`}</p>
            <p className="part-note">{view.diskSentence}</p>
            {view.disks.map((disk) => (
              <Disk key={disk.base} disk={disk} width={Math.min(420, width)} />
            ))}
          </section>
        </>
      )}
    </div>
  );
});

const busy = ({ requested, inService, masked }: LineView): boolean => requested || inService || !masked;

/** An 8259A: its three registers, and the lines that are in use. */
const Pic = memo(function Pic({ pic }: { readonly pic: PicView }) {
  const lines = pic.lines.filter(busy);
  const owner = pic.vm === 0 ? say`the board’s` : say`VM ${pic.vm}’s, kept by its monitor`;
  return (
    <details className="part-group" open={lines.length > 0 && pic.vm === 0}>
      <summary>
        {pic.name} <span>{owner}</span>
      </summary>
      <p className="part-note chip-words">
        {(['irr', 'isr', 'imr'] as const).map((name) => (
          <span key={name}>
            {name.toUpperCase()} <code>{pic[name].toString(2).padStart(8, '0')}</code>
          </span>
        ))}
        <span>
          {say`base`} <code>{hexh(pic.base, 2)}</code>
        </span>
      </p>
      {lines.length === 0 ? (
        <p className="empty">{say`All its lines are masked, and none asks.`}</p>
      ) : (
        <Lines lines={lines} name={pic.name} />
      )}
    </details>
  );
});

function Lines({ lines, name }: { readonly lines: readonly LineView[]; readonly name: string }) {
  return (
    <table className="part-table lines">
      <caption className="hidden">{say`Lines of the ${name} that are not masked, or ask`}</caption>
      <thead>
        <tr>
          <th scope="col">IRQ</th>
          <th scope="col">{say`from`}</th>
          <th scope="col">{say`vector`}</th>
          <th scope="col">{say`state`}</th>
        </tr>
      </thead>
      <tbody>
        {lines.map((line) => (
          <tr key={line.irq} className={line.requested || line.inService ? 'lit' : undefined}>
            <th scope="row">{line.irq}</th>
            <td>{line.source}</td>
            <td>
              <code>{hex(line.vector, 2)}</code>
            </td>
            <td>{stateOf(line)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function stateOf({ requested, inService, masked }: LineView): string {
  if (requested && inService) return say`in service, and asks again`;
  if (requested) return masked ? say`asks, but is masked` : say`asks`;
  if (inService) return say`in service`;
  return masked ? say`masked` : say`quiet`;
}

const Chip = memo(function Chip({ chip, open }: { readonly chip: ChipView; readonly open: boolean }) {
  return (
    <details className="part-group" open={open}>
      <summary>{chip.name}</summary>
      <table className="part-table chip">
        <caption className="hidden">{chip.name}</caption>
        <thead className="hidden">
          <tr>
            <th scope="col">{say`register`}</th>
            <th scope="col">{say`value`}</th>
            <th scope="col">{say`what it says`}</th>
          </tr>
        </thead>
        <tbody>
          {chip.rows.map((row) => (
            <tr key={row.name}>
              <th scope="row">{row.name}</th>
              <td>
                <code>{row.value}</code>
              </td>
              <td>{row.meaning}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
});
