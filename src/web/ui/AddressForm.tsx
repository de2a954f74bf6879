import { type ReactNode, useEffect, useState } from 'react';

interface AddressFormProps {
  readonly label: string;
  /** What the button does. */
  readonly act: string;
  /** Id of the line that says what is wrong. */
  readonly problemId: string;
  /** In the field until something else is typed; the field is filled anew when it changes. */
  readonly start: string;
  /** Before the field. */
  readonly children?: ReactNode;
  /** Goes where the text says, and says nothing; or what is wrong with the text. */
  readonly onEnter: (text: string) => string;
}

/** A field for an address. */
export function AddressForm({ label, act, problemId, start, children, onEnter }: AddressFormProps) {
  const [text, setText] = useState(start);
  const [problem, setProblem] = useState('');
  useEffect(() => {
    setText(start);
    setProblem('');
  }, [start]);
  return (
    <form
      className="address-form"
      data-keys="own"
      onSubmit={(event) => {
        event.preventDefault();
        setProblem(onEnter(text));
      }}
    >
      {children}
      <input
        aria-label={label}
        aria-describedby={problemId}
        value={text}
        spellCheck={false}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <button type="submit" className="tool">
        {act}
      </button>
      <p id={problemId} role="status">
        {problem}
      </p>
    </form>
  );
}
