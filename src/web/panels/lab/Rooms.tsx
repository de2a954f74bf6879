import { useState } from 'react';
import { say, told, worded } from '../../../lib/say.ts';
import type { Client } from '../../../worker/protocol.ts';
import costs from '../../styles/costs.css?inline';
import lab from '../../styles/lab.css?inline';
import { Costs } from './Costs.tsx';
import { Lab } from './Lab.tsx';

export const style = lab + costs;

const ROOMS = [
  { value: 'instructions', title: worded('Instructions') },
  { value: 'costs', title: worded('Costs') },
] as const;

/** What the lab finds out: which instructions are sensitive, and what each technique costs. */
export function Rooms({ connect, close }: { readonly connect: () => Client; readonly close: () => void }) {
  const [room, setRoom] = useState<(typeof ROOMS)[number]['value']>('instructions');
  return (
    <>
      <fieldset className="segments lab-rooms">
        <legend className="hidden">{say`What to look at`}</legend>
        {ROOMS.map(({ value, title }) => (
          <label key={value} className={value === room ? 'on' : ''}>
            <input type="radio" name="lab-room" checked={value === room} onChange={() => setRoom(value)} />
            {told(title)}
          </label>
        ))}
      </fieldset>
      {room === 'instructions' ? <Lab connect={connect} close={close} /> : <Costs connect={connect} />}
    </>
  );
}
