import { type DrawnWord, drawnEntry } from '../../../figures/descriptors.ts';
import { hex } from '../../../figures/words.ts';
import type { RegisterBit, TableEntry } from '../../../session/views.ts';

/** A field with its bits, value and meaning, as the exits' qualifications are drawn. */
function Field({
  bits,
  value,
  name,
  meaning,
}: {
  readonly bits: string;
  readonly value: string;
  readonly name: string;
  readonly meaning: string;
}) {
  return (
    <div className={`bit${/^0+h?$/.test(value) ? '' : ' set'}`}>
      <dt>{bits}</dt>
      <dd>
        <b>{value}</b> <span>{name === meaning || meaning.startsWith(`${name} `) ? meaning : `${name}: ${meaning}`}</span>
      </dd>
    </div>
  );
}

/** An entry of a table, doubleword by doubleword. */
export function EntryBits({ entry }: { readonly entry: TableEntry }) {
  return drawnEntry(entry.kind, entry.low, entry.high).map((word) => <Word key={word.offset} word={word} />);
}

function Word({ word }: { readonly word: DrawnWord }) {
  return (
    <div className="drawn">
      <p>
        <span>+{word.offset}</span> <code>{hex(word.value)}</code>
      </p>
      <dl className="bits many">
        {word.fields.map((field) => (
          <Field key={field.bits} {...field} />
        ))}
      </dl>
    </div>
  );
}

/** A register, bit by bit. */
export function RegisterBits({ bits }: { readonly bits: readonly RegisterBit[] }) {
  return (
    <dl className="bits many">
      {bits.map((bit) => (
        <Field key={bit.bits} bits={bit.bits} value={bit.value} name={bit.name} meaning={bit.meaning} />
      ))}
    </dl>
  );
}
