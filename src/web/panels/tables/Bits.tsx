import { type DrawnField, type DrawnWord, drawnEntry } from '../../../figures/descriptors.ts';
import { hex } from '../../../figures/words.ts';
import type { RegisterBit, TableEntry } from '../../../session/views.ts';

/** A field with its bits and value, as the exits' qualifications are drawn. */
function Field({ bits, value, text }: DrawnField) {
  return (
    <div className={`bit${/^0+h?$/.test(value) ? '' : ' set'}`}>
      <dt>{bits}</dt>
      <dd>
        <b>{value}</b> <span>{text}</span>
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
      {bits.map(({ bits: place, value, name, meaning }) => (
        <Field key={place} bits={place} value={value} text={`${name}: ${meaning}`} />
      ))}
    </dl>
  );
}
