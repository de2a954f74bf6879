import { memo, useState } from 'react';
import { say } from '../../../lib/say.ts';
import { useStage, useStageState } from '../../ui/hooks.ts';
import { readWatch, stopText } from './model.ts';

const NONE: readonly never[] = [];

/** Where the run is to stop: the list, on and back, and what memory is watched. */
export const Stops = memo(function Stops() {
  const { controller } = useStage();
  const stops = useStageState((s) => s.frame?.view.stops ?? NONE);
  const none = stops.length === 0;
  return (
    <section className="stops" aria-label={say`Stops`} data-testid="stops">
      {none ? (
        <p className="empty">{say`No stops yet. An instruction’s address opens what can be done there; B stops at the current one.`}</p>
      ) : (
        <ul>
          {stops.map((stop) => (
            <li key={stop.id}>
              <span>{stopText(stop)}</span>
              <button
                type="button"
                className="quiet"
                aria-label={say`Remove the stop ${stopText(stop)}`}
                onClick={() => controller.removeStop(stop.id)}
              >
                {say`remove`}
              </button>
            </li>
          ))}
        </ul>
      )}
      <div className="stops-do">
        <button type="button" className="tool" aria-disabled={none || undefined} onClick={() => !none && controller.toStop(true)}>
          {say`Back to last stop`}
        </button>
        <button type="button" className="tool" aria-disabled={none || undefined} onClick={() => !none && controller.toStop()}>
          {say`Run to next stop`}
        </button>
      </div>
      <Watch />
    </section>
  );
});

function Watch() {
  const { controller } = useStage();
  const [address, setAddress] = useState('');
  const [size, setSize] = useState('4');
  const [physical, setPhysical] = useState(false);
  const [problem, setProblem] = useState('');
  return (
    <form
      className="watch"
      data-keys="own"
      onSubmit={(event) => {
        event.preventDefault();
        const asked = readWatch(address, size);
        setProblem('problem' in asked ? asked.problem : '');
        if ('address' in asked) controller.watch(asked.address, asked.size, physical);
      }}
    >
      <label>
        {say`Writes to`}{' '}
        <input
          className="watch-address"
          value={address}
          placeholder="C0104000"
          spellCheck={false}
          aria-describedby="watch-problem"
          onChange={(event) => setAddress(event.currentTarget.value)}
        />
      </label>
      <label>
        <input className="watch-size" value={size} inputMode="numeric" onChange={(event) => setSize(event.currentTarget.value)} />{' '}
        {say`bytes`}
      </label>
      <label>
        <input type="checkbox" checked={physical} onChange={(event) => setPhysical(event.currentTarget.checked)} /> {say`physical`}
      </label>
      <button type="submit" className="tool">
        {say`Watch`}
      </button>
      <p id="watch-problem" className="watch-problem" role="status">
        {problem}
      </p>
    </form>
  );
}
