import { useState } from 'react';
import { hex } from '../../../figures/words.ts';
import { say } from '../../../lib/say.ts';
import type { WalkView } from '../../../session/views.ts';
import { AddressForm } from '../../ui/AddressForm.tsx';
import { useStage } from '../../ui/hooks.ts';
import { readWithSegment } from '../../ui/read-address.ts';

/** Which address is followed: one of those that the step uses, or one that is typed. */
export function Follow({ view }: { readonly view: WalkView | null }) {
  const { controller } = useStage();
  const { choices, chosen } = view ?? { choices: [], chosen: '' };
  const [typing, setTyping] = useState(false);
  const asks = typing || chosen === '';
  return (
    <>
      <fieldset className="switch walk-choices" aria-label={say`Which address is followed`}>
        {choices.map(({ id, name }) => (
          <button
            key={id}
            type="button"
            aria-pressed={!asks && id === chosen}
            onClick={() => {
              setTyping(false);
              controller.follow({ choice: id });
            }}
          >
            {name}
          </button>
        ))}
        <button type="button" aria-pressed={asks} aria-expanded={asks} onClick={() => setTyping(true)}>
          {say`address …`}
        </button>
      </fieldset>
      {asks && <Asked view={view} />}
    </>
  );
}

function Asked({ view }: { readonly view: WalkView | null }) {
  const { controller } = useStage();
  const [start] = useState(() => (view ? (view.segment === '' || view.base === 0 ? '' : `${view.segment}:`) + hex(view.offset) : ''));
  const enter = (text: string): string => {
    const address = readWithSegment(text);
    if (address === null)
      return say`An address has one to eight hexadecimal digits, after a segment and a colon if it is an offset: ds:1234.`;
    controller.follow(address);
    return '';
  };
  return <AddressForm label={say`Address to follow`} act={say`Follow`} problemId="walk-problem" start={start} onEnter={enter} />;
}
