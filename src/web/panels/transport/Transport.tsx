import { memo, type ReactNode } from 'react';
import { count } from '../../../figures/words.ts';
import { say, told, worded } from '../../../lib/say.ts';
import { useStage, useStageState } from '../../ui/hooks.ts';
import { icons } from '../../ui/icons.tsx';
import { positionOf, speedAt, speedPositions, speedText } from './model.ts';

interface TransportProps {
  readonly small: boolean;
  /** Back and Step alone. */
  readonly few?: boolean;
  /** How fast Run goes can be chosen here, where there is room. */
  readonly speed?: boolean;
  /** So can whether it asks before it steps. */
  readonly predict?: boolean;
  readonly end?: ReactNode;
}

/** The controls of time. */
export const Transport = memo(function Transport({ small, few = false, speed = true, predict = true, end }: TransportProps) {
  const { controller } = useStage();
  const n = useStageState((s) => s.frame?.view.n ?? null);
  const cycle = useStageState((s) => s.frame?.view.cycle ?? 0);
  const running = useStageState((s) => s.frame !== null && (s.frame.running || s.progress !== null));
  const ended = useStageState((s) => s.frame?.view.ended ?? false);
  const end_ = useStageState((s) => s.frame?.view.end ?? '');
  const none = n === null;
  return (
    <div className={`transport${small ? ' small' : ''}`} role="toolbar" aria-label={say`Transport`} data-testid="transport">
      {!few && (
        <Button name={say`Restart`} keys="Home" off={none} act={controller.restart} icon={icons.restart} text={small && say`Restart`} />
      )}
      <Button name={say`Back`} keys="ArrowLeft" off={none || n === 0} act={controller.back} icon={icons.back} text={small && say`Back`} />
      <Button name={say`Step`} keys="ArrowRight" off={none || ended} act={controller.step} icon={icons.step} text={say`Step`} main />
      {!few && (
        <>
          <Button
            name={say`Run`}
            keys="Space"
            off={none || (ended && !running)}
            act={controller.toggleRun}
            icon={running ? icons.pause : icons.run}
            text={say`Run`}
            pressed={running}
          />
          <Button
            name={say`Run to next exit`}
            keys="e"
            off={none || ended}
            act={() => controller.exit()}
            icon={icons.exit}
            text={small ? say`Next exit` : say`Run to next exit`}
          />
        </>
      )}
      <span className="where">
        {n !== null && (
          <>
            <span className="where-step">
              <span className="where-word">{say`Step`} </span>
              {count(n)}
            </span>
            <span className="where-cycles">{ended && end_ ? endText(end_) : say`${count(cycle)} cycles`}</span>
          </>
        )}
      </span>
      {predict && !few && <PredictSwitch />}
      {speed && !small && <Speed />}
      {end}
    </div>
  );
});

const END_TEXTS: Readonly<Record<string, string>> = {
  halted: worded('halted for good'),
  listening: worded('waits for a key'),
  shutdown: worded('shut down'),
};

function endText(end: string): string {
  const known = END_TEXTS[end];
  return known === undefined ? say`ended: ${end}` : told(known);
}

interface ButtonProps {
  readonly name: string;
  readonly keys: string;
  readonly off: boolean;
  readonly act: () => void;
  readonly icon: ReactNode;
  /** Beside the icon; below it on a phone, where nothing can be pointed at. */
  readonly text?: string | false;
  readonly main?: boolean;
  readonly pressed?: boolean;
}

const KEY_NAMES: Readonly<Record<string, string>> = {
  Home: worded('Home'),
  Space: worded('Space'),
  ArrowLeft: '←',
  ArrowRight: '→',
  e: 'E',
};

function Button({ name, keys, off, act, icon, text, main, pressed }: ButtonProps) {
  return (
    <button
      type="button"
      className={`tb${main ? ' main' : ''}`}
      aria-label={name}
      aria-keyshortcuts={keys}
      aria-pressed={pressed}
      aria-disabled={off || undefined}
      title={`${name} (${told(KEY_NAMES[keys] ?? keys)})`}
      onClick={() => !off && act()}
    >
      {icon}
      {text && <span>{text}</span>}
    </button>
  );
}

/** Whether to be asked before a step that may change who runs. */
export function PredictSwitch() {
  const { controller } = useStage();
  const on = useStageState((s) => s.predicting);
  return (
    <label className="predict-switch" title={say`Ask what comes, before a step that is worth it`}>
      <input type="checkbox" checked={on} onChange={(event) => controller.setPredicting(event.currentTarget.checked)} />
      <span>{say`Predict`}</span>
    </label>
  );
}

/** How fast Run goes. */
export function Speed() {
  const { controller } = useStage();
  const speed = useStageState((s) => s.speed);
  return (
    <label className="speed">
      <span>{say`Speed`}</span>
      <input
        type="range"
        min={0}
        max={speedPositions}
        value={positionOf(speed)}
        aria-valuetext={speedText(speed)}
        data-keys="own"
        onChange={(event) => controller.setSpeed(speedAt(Number(event.currentTarget.value)))}
      />
      <b>{speedText(speed)}</b>
    </label>
  );
}
