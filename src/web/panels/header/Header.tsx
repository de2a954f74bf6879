import { memo, type ReactNode, useRef } from 'react';
import { logo } from '../../../figures/glyph.ts';
import { say, told, worded } from '../../../lib/say.ts';
import { LANGUAGES, type Language } from '../../../messages/languages.ts';
import type { Paging, Vmm } from '../../../session/views.ts';
import { Lessons, ShareDialog } from '../../app/late.tsx';
import type { Theme } from '../../app/link.ts';
import { Figure } from '../../ui/Figure.tsx';
import { useStage, useStageState } from '../../ui/hooks.ts';
import { icons } from '../../ui/icons.tsx';
import { LabButton } from '../lab/LabButton.tsx';

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
      <LessonsButton />
      <LabButton />
      <span className="grow" />
      <Techniques />
      {children}
      <Share />
      <PresentButton />
      <KeysButton />
      <LanguageChooser />
      <ThemeButton />
    </header>
  );
});

function ScenarioChooser() {
  const scenarios = useStageState((s) => s.scenarios);
  const current = useStageState((s) => (s.linkError ? '' : s.asked));
  const own = useStageState((s) => s.asked === '' && s.frame !== null && s.frame.source !== null);
  const { controller } = useStage();
  if (scenarios.length === 0) return null;
  const chosen = scenarios.find((s) => s.id === current);
  return (
    <label className="scenario" title={chosen?.summary}>
      <span className="hidden">{say`Scenario`}</span>
      <select value={current} data-keys="own" onChange={(event) => controller.open({ scenario: event.currentTarget.value })}>
        {!chosen && <option value="">{own ? say`A program of its own` : say`Choose a scenario`}</option>}
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
  const paging = useStageState((s) => s.frame?.view.paging ?? null);
  const { controller } = useStage();
  const waiting = useStageState((s) => s.frame === null && s.died === null && s.linkError === null);
  if (!scenario) {
    return (
      waiting && (
        <>
          <Awaited />
          <Awaited />
        </>
      )
    );
  }
  const pagings = scenario.techniques.find((technique) => technique.id === vmm)?.pagings ?? [];
  return (
    <>
      <Segments
        legend={say`Technique`}
        choices={scenario.techniques.map(({ id, title }) => ({ value: id, title, shown: told(SHORT_TECHNIQUES[id] ?? title) }))}
        value={vmm}
        choose={(value) => controller.switchTo({ vmm: value })}
      />
      <Segments
        legend={say`Paging`}
        choices={pagings.map((value) => ({ value, title: told(PAGINGS[value].title), shown: told(PAGINGS[value].shown) }))}
        value={paging}
        choose={(value) => vmm && controller.switchTo({ vmm, paging: value })}
      />
      {waiting && <Awaited />}
    </>
  );
}

/** Room for choices that come with the machine, where they take a line of their own. */
const Awaited = () => <div className="segments awaited" />;

/** Where five techniques must have room a short name stands; the whole one is the title, and what is read aloud. */
const SHORT_TECHNIQUES: Readonly<Partial<Record<Vmm, string>>> = { trap: worded('Trap') };

const PAGINGS: Readonly<Record<Paging, { readonly title: string; readonly shown: string }>> = {
  shadow: { title: worded('Shadow paging'), shown: worded('Shadow') },
  nested: { title: worded('Nested paging'), shown: worded('Nested') },
};

interface SegmentsProps<T extends string> {
  readonly legend: string;
  readonly choices: readonly { readonly value: T; readonly title: string; readonly shown: string }[];
  readonly value: T | null;
  readonly choose: (value: T) => void;
}

/** One of a few; nothing where there is no choice. */
function Segments<T extends string>({ legend, choices, value, choose }: SegmentsProps<T>) {
  if (choices.length < 2) return null;
  return (
    <fieldset className="segments">
      <legend className="hidden">{legend}</legend>
      {choices.map((choice) => (
        <label key={choice.value} className={choice.value === value ? 'on' : ''} title={choice.title}>
          <input
            type="radio"
            name={legend}
            value={choice.value}
            checked={choice.value === value}
            data-keys="own"
            aria-label={choice.title}
            onChange={() => choose(choice.value)}
          />
          {choice.shown}
        </label>
      ))}
    </fieldset>
  );
}

function LessonsButton() {
  const dialog = useRef<HTMLDialogElement>(null);
  return (
    <>
      <button type="button" className="tool" onClick={() => dialog.current?.showModal()}>
        {say`Lessons`}
      </button>
      <Lessons ref={dialog} />
    </>
  );
}

function Share() {
  const dialog = useRef<HTMLDialogElement>(null);
  return (
    <>
      <button type="button" className="tool" onClick={() => dialog.current?.showModal()}>
        {say`Share`}
      </button>
      <ShareDialog ref={dialog} />
    </>
  );
}

function PresentButton() {
  const presenting = useStageState((s) => s.presenting !== null);
  const { controller } = useStage();
  return (
    <button
      type="button"
      className="tool present"
      aria-pressed={presenting}
      title={say`Larger, for a room. Page Up and Page Down step, B blacks out, Escape ends.`}
      onClick={() => controller.present(presenting ? null : 'shown')}
    >
      {say`Present`}
    </button>
  );
}

function KeysButton() {
  const { controller } = useStage();
  return (
    <button
      type="button"
      className="tool ico keys-button"
      aria-label={say`Keys`}
      title={say`Keys (?)`}
      onClick={() => controller.showKeys(true)}
    >
      ?
    </button>
  );
}

/** The names stand in their own languages, for who cannot read this one. */
function LanguageChooser() {
  const language = useStageState((s) => s.language);
  const { controller } = useStage();
  return (
    <label className="tool ico language" title={say`Language`}>
      <span aria-hidden="true">{language.toUpperCase()}</span>
      <select
        value={language}
        aria-label={say`Language`}
        data-keys="own"
        onChange={(event) => controller.setLanguage(event.currentTarget.value as Language)}
      >
        {Object.entries(LANGUAGES).map(([tag, name]) => (
          <option key={tag} value={tag} lang={tag}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}

const NEXT: Readonly<Record<Theme, Theme>> = { auto: 'light', light: 'dark', dark: 'auto' };
const WORDS: Readonly<Record<Theme, string>> = {
  auto: worded('Theme: as the system'),
  light: worded('Theme: light'),
  dark: worded('Theme: dark'),
};

function ThemeButton() {
  const theme = useStageState((s) => s.theme);
  const { controller } = useStage();
  const name = told(WORDS[theme]);
  return (
    <button type="button" className="tool ico" aria-label={name} title={name} onClick={() => controller.setTheme(NEXT[theme])}>
      {icons.theme[theme]}
    </button>
  );
}
