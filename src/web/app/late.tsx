/** The parts of the page that come behind its first picture, by the script they come in. App.tsx and Header.tsx use them as if they were here. */
import { type ComponentType, createElement, type ReactNode, type Ref, useEffect, useImperativeHandle, useRef } from 'react';
import { linkedLost } from '../panels/notices/lost.ts';
import type { CellsProps } from '../panels/rings/Cells.tsx';
import type { WhyProps } from '../panels/why/WhyDialog.tsx';
import type { Part } from '../store/store.ts';
import { afterPaint, whenIdle } from '../ui/after-paint.ts';
import { useStageState } from '../ui/hooks.ts';
import { Late, LateScript, Lost, useLate } from '../ui/late.tsx';
import { loadPacking } from './packing.ts';

const panels = new LateScript(() => Promise.all([import('./late/panels.ts'), loadPacking()]).then(([parts]) => parts));
const side = new LateScript(() => import('./late/side.ts'));
const looked = new LateScript(() => import('./late/looked.ts'));
const room = new LateScript(() => import('./late/room.ts'));
const dialogs = new LateScript(() => import('./late/dialogs.ts'));

type Opener = Pick<HTMLDialogElement, 'showModal'>;
type Dialog = ComponentType<{ readonly ref: Ref<Opener> }>;

/** A dialog that opens as soon as it has come. */
function LateDialog({ ref, pick }: { readonly ref: Ref<Opener>; readonly pick: (parts: typeof import('./late/dialogs.ts')) => Dialog }) {
  const state = useLate(dialogs);
  const wanted = useRef(false);
  const dialog = useRef<Opener>(null);
  useImperativeHandle(ref, () => ({
    showModal() {
      wanted.current = dialog.current === null;
      dialog.current?.showModal();
      void dialogs.load();
    },
  }));
  useEffect(() => {
    if (typeof state === 'object' && wanted.current) dialog.current?.showModal();
  }, [state]);
  if (typeof state === 'object') return createElement(pick(state.parts), { ref: dialog });
  return state === 'failed' ? <Lost of={dialogs} /> : null;
}

type Panels = typeof import('./late/panels.ts');
type Given<Name extends Exclude<keyof Panels, 'style'>> = Parameters<Panels[Name]>[0];

export const Cells = (given: CellsProps) => <Late of={panels} meanwhile={false} draw={(parts) => <parts.Cells {...given} />} />;
export const Consoles = (given: { readonly roomy?: boolean }) => <Late of={panels} draw={(parts) => <parts.Consoles {...given} />} />;
export const Linked = () => {
  const linked = useStageState((s) => s.linked !== null && s.linkError === null);
  return linked && <Late of={panels} room="linked" wanted lost={linkedLost()} draw={(parts) => <parts.Linked />} />;
};
export const OnPaper = () => <Late of={panels} draw={(parts) => <parts.OnPaper />} />;
export const Predict = () => <Late of={panels} draw={(parts) => <parts.Predict />} />;
export const SourceErrors = () => <Late of={panels} wanted draw={(parts) => <parts.SourceErrors />} />;
export const State = () => <Late of={panels} room="state" draw={(parts) => <parts.State />} />;
/** Nothing, also no room for it, until its button has opened it. */
export const Stops = () => {
  const shown = useStageState((s) => s.stopsShown);
  return shown && <Late of={panels} wanted draw={(parts) => <parts.Stops />} />;
};
export const Tabs = (given: Given<'Tabs'>) => <Late of={panels} room="tabs" draw={(parts) => <parts.Tabs {...given} />} />;
export const Timeline = (given: Given<'Timeline'>) => <Late of={panels} room="timeline" draw={(parts) => <parts.Timeline {...given} />} />;
export const Why = (given: WhyProps) => <Late of={panels} wanted draw={(parts) => <parts.WhyDialog {...given} />} />;
export const LessonPanel = () => <Late of={side} room="pane" wanted draw={(parts) => <parts.LessonPanel />} />;
export const Room = ({ side, meanwhile }: Parameters<typeof import('./late/room.ts').Room>[0] & { readonly meanwhile: ReactNode }) => (
  <Late of={room} wanted meanwhile={meanwhile} draw={(parts) => <parts.Room side={side} />} />
);
export const Source = () => <Late of={side} room="pane" wanted draw={(parts) => <parts.Source />} />;
export const LookedAt = ({ part }: { readonly part: Part }) => (
  <Late of={looked} room="part" wanted draw={({ LOOKED_AT }) => createElement(LOOKED_AT[part])} />
);
export const DamagedLink = () => <Late of={dialogs} wanted draw={(parts) => <parts.DamagedLink />} />;
export const Keys = () => <Late of={dialogs} wanted draw={(parts) => <parts.Keys />} />;
export const Lessons = ({ ref }: { readonly ref: Ref<Opener> }) => <LateDialog ref={ref} pick={(parts) => parts.Lessons} />;
export const ShareDialog = ({ ref }: { readonly ref: Ref<Opener> }) => <LateDialog ref={ref} pick={(parts) => parts.ShareDialog} />;

/**
 * Loads the panels once the first picture is drawn (`shown`), and the rest, and what is `further` to be had, when the page is idle; true when the
 * panels are there, or will not be.
 */
export function useLateParts(shown: boolean, further: () => void): boolean {
  const state = useLate(panels);
  useEffect(() => {
    if (shown) afterPaint(panels.load);
  }, [shown]);
  const settled = typeof state === 'object' || state === 'failed';
  useEffect(() => {
    if (!settled) return;
    whenIdle(() => {
      void side.load();
      void looked.load();
      void dialogs.load();
      further();
    });
  }, [settled, further]);
  return settled;
}
