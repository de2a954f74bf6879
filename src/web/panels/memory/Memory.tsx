import { memo, useMemo, useRef, useState } from 'react';
import { hex } from '../../../figures/words.ts';
import { say, told } from '../../../lib/say.ts';
import type { MemoryView, Space } from '../../../session/views.ts';
import { AddressForm } from '../../ui/AddressForm.tsx';
import { useSize, useStage, useStageState } from '../../ui/hooks.ts';
import { readAddress } from '../../ui/read-address.ts';
import { usePart } from '../parts/usePart.ts';
import { dumpRows, SPACE_NAMES, whereSentence } from './model.ts';

const PAGE = 256;
/** Room for an address, sixteen bytes and their characters. */
const WIDE = 560;

/** Bytes of memory or of the disk, what lies there, and what the last step changed. */
export const Memory = memo(function Memory() {
  const { controller } = useStage();
  const chosen = useStageState((s) => s.memoryAt);
  const start = useStageState((s) => s.frame?.view.linear ?? 0);
  const [first] = useState(start);
  const at = chosen ?? { space: 'linear' as const, address: first };
  const view = usePart({ part: 'memory', ...at });
  const box = useRef<HTMLDivElement>(null);
  const { width } = useSize(box);
  const across = width >= WIDE ? 16 : 8;
  const go = (space: Space, address: number) => controller.lookAt({ space, address: Math.min(0xffffffff, Math.max(0, address)) });
  return (
    <div className="part memory" data-testid="memory" ref={box}>
      <Where view={view} at={at} go={go} />
      {!view && <p className="empty">{say`The bytes come with the machine’s next answer.`}</p>}
      {view && (
        <>
          <Places view={view} go={go} />
          <p className="part-note">{whereSentence(view)}</p>
          <Dump view={view} across={across} />
          {view.note && <p className="part-note">{view.note}</p>}
          <div className="memory-pages">
            <button type="button" className="tool" onClick={() => go(view.space, view.address - PAGE)}>
              {say`${PAGE} back`}
            </button>
            <button type="button" className="tool" onClick={() => go(view.space, view.address + PAGE)}>
              {say`${PAGE} on`}
            </button>
            {view.space !== 'disk' && <Watch view={view} at={at.address} />}
          </div>
        </>
      )}
    </div>
  );
});

interface WhereProps {
  readonly view: MemoryView | null;
  readonly at: { readonly space: Space; readonly address: number };
  readonly go: (space: Space, address: number) => void;
}

function Where({ view, at, go }: WhereProps) {
  const spaces = view?.spaces ?? ['linear', 'physical'];
  const space = view?.space ?? at.space;
  const enter = (text: string): string => {
    const address = readAddress(text);
    if (address === null) return say`An address has one to eight hexadecimal digits.`;
    go(space, address);
    return '';
  };
  return (
    <AddressForm label={say`Address`} act={say`Go`} problemId="memory-problem" start={hex(at.address)} onEnter={enter}>
      <select
        aria-label={say`How the address is meant`}
        value={space}
        onChange={(event) => go(event.currentTarget.value as Space, at.address)}
      >
        {spaces.map((name) => (
          <option key={name} value={name}>
            {told(SPACE_NAMES[name])}
          </option>
        ))}
      </select>
    </AddressForm>
  );
}

function Places({ view, go }: { readonly view: MemoryView; readonly go: (space: Space, address: number) => void }) {
  return (
    <ul className="memory-places" aria-label={say`Where the registers point`}>
      {view.places.map(({ name, space, address }) => (
        <li key={name}>
          <button type="button" className="link" onClick={() => go(space, address)}>
            {name}
          </button>
        </li>
      ))}
    </ul>
  );
}

function Dump({ view, across }: { readonly view: MemoryView; readonly across: number }) {
  const rows = useMemo(() => dumpRows(view, across), [view, across]);
  return (
    <table className="dump">
      <caption className="hidden">{whereSentence(view)}</caption>
      <thead className="hidden">
        <tr>
          <th scope="col">{say`address`}</th>
          <th scope="col">{say`bytes`}</th>
          <th scope="col">{say`characters`}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.address} className={row.what ? 'begins' : undefined}>
            <th scope="row">
              {row.what && <span className="what">{row.what}</span>}
              <code>{hex(row.address)}</code>
            </th>
            <td>
              {row.bytes.map((byte) =>
                byte.changed ? <mark key={byte.address}>{byte.text}</mark> : <i key={byte.address}>{byte.text}</i>,
              )}
            </td>
            <td>{row.text}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** A stop behind every write to the four bytes at the address that was asked for. */
function Watch({ view, at }: { readonly view: MemoryView; readonly at: number }) {
  const { controller } = useStage();
  const isInside = at >= view.address && at < view.address + view.bytes.length;
  const first = isInside ? at : view.address;
  const address = view.space === 'linear' ? first : view.physical + (first - view.address);
  if ((view.bytes[first - view.address] ?? -1) < 0) return null;
  return (
    <button
      type="button"
      className="tool"
      onClick={() => {
        controller.watch(address, 4, view.space !== 'linear');
        controller.showStops(true);
      }}
    >
      {say`Stop at writes to ${hex(first)}`}
    </button>
  );
}
