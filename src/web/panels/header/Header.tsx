import { memo, type ReactNode, useRef } from 'react';
import { logo } from '../../../figures/glyph.ts';
import type { Technique } from '../../../session/views.ts';
import type { Theme } from '../../app/link.ts';
import { Figure } from '../../ui/Figure.tsx';
import { useStage, useStageState } from '../../ui/hooks.ts';
import { icons } from '../../ui/icons.tsx';
import { ShareDialog } from './ShareDialog.tsx';

const LOGO = logo();

/** Name of the product, scenario, technique, sharing and theme. */
export const Header = memo(function Header({ children }: { readonly children?: ReactNode }) {
  return (
    <header className="top">
      <h1 className="brand">
        <Figure figure={LOGO} />
        <b>RingMinusOne</b>
      </h1>
      <ScenarioChooser />
      <span className="grow" />
      <Techniques />
      {children}
      <Share />
      <ThemeButton />
    </header>
  );
});

function ScenarioChooser() {
  const scenarios = useStageState((s) => s.scenarios);
  const current = useStageState((s) => (s.linkError ? '' : s.asked));
  const { controller } = useStage();
  if (scenarios.length === 0) return null;
  const chosen = scenarios.find((s) => s.id === current);
  return (
    <label className="scenario" title={chosen?.summary}>
      <span className="hidden">Scenario</span>
      <select value={current} data-keys="own" onChange={(event) => controller.open({ scenario: event.currentTarget.value })}>
        {!chosen && <option value="">Choose a scenario</option>}
        {scenarios.map((scenario) => (
          <option key={scenario.id} value={scenario.id}>
            {scenario.title}
          </option>
        ))}
      </select>
    </label>
  );
}

function Techniques() {
  const scenario = useStageState((s) => s.scenarios.find((one) => one.id === s.asked) ?? null);
  const vmm = useStageState((s) => s.frame?.vmm ?? null);
  const { controller } = useStage();
  if (!scenario || scenario.techniques.length < 2) return null;
  const choose = (technique: Technique['id']) => controller.open({ scenario: scenario.id, vmm: technique });
  return (
    <fieldset className="segments">
      <legend className="hidden">Technique</legend>
      {scenario.techniques.map((technique) => (
        <label key={technique.id} className={technique.id === vmm ? 'on' : ''}>
          <input
            type="radio"
            name="technique"
            value={technique.id}
            checked={technique.id === vmm}
            data-keys="own"
            onChange={() => choose(technique.id)}
          />
          {technique.title}
        </label>
      ))}
    </fieldset>
  );
}

function Share() {
  const dialog = useRef<HTMLDialogElement>(null);
  return (
    <>
      <button type="button" className="tool" onClick={() => dialog.current?.showModal()}>
        Share
      </button>
      <ShareDialog ref={dialog} />
    </>
  );
}

const NEXT: Readonly<Record<Theme, Theme>> = { auto: 'light', light: 'dark', dark: 'auto' };
const WORDS: Readonly<Record<Theme, string>> = { auto: 'as the system', light: 'light', dark: 'dark' };

function ThemeButton() {
  const theme = useStageState((s) => s.theme);
  const { controller } = useStage();
  const name = `Theme: ${WORDS[theme]}`;
  return (
    <button type="button" className="tool ico" aria-label={name} title={name} onClick={() => controller.setTheme(NEXT[theme])}>
      {icons.theme[theme]}
    </button>
  );
}
