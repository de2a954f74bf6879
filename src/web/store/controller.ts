import { lessonMachine } from '../../lessons/lesson.ts';
import { say } from '../../lib/say.ts';
import type { EventPlace, QuestionWish, StageView, StaysView } from '../../session/views.ts';
import type { Answer, Client } from '../../worker/protocol.ts';
import { type LinkState, NOTHING } from '../app/link.ts';
import { changesOf } from '../panels/source/model.ts';
import { Asking } from './asking.ts';
import { type Choices, createChoices } from './choices.ts';
import { createLearning, type Learning, placeRead } from './learning.ts';
import { Predicting } from './predicting.ts';
import { createSelecting, keptSelection, type Selecting } from './selecting.ts';
import type { Send } from './send.ts';
import { share } from './share.ts';
import { createShowing, type Showing } from './showing.ts';
import { createStopping, type Stopping, type ToStop } from './stopping.ts';
import { type Bringer, keepOrder, motionFor, type Pace, type StageStore, sortedOrder } from './store.ts';
import { arrival, changedMachine, machineOf, type Target, type Technique, targetOf, typedAgain, under } from './target.ts';
import { answersIn, createWriting, exerciseHere, type Writing } from './writing.ts';

type Move =
  | { readonly type: 'step' | 'back'; readonly count: number }
  | { readonly type: 'seek'; readonly n: number }
  | { readonly type: 'exit'; readonly back: boolean }
  | ToStop;

/** What the reader can ask for. */
export interface Controller extends Stopping, Choices, Showing, Selecting, Writing, Learning {
  /** Starts the machine; without `open` only the catalogue is asked for. */
  start(link: LinkState, open?: boolean, by?: Bringer): void;
  open(target: Target): void;
  /** The machine of a scenario file. */
  openFile(target: Target): void;
  /** The same scenario under another technique, at the same place in the guest. */
  switchTo(technique: Technique): void;
  restart(): void;
  step(): void;
  back(): void;
  seek(n: number): void;
  exit(back?: boolean): void;
  toggleRun(): void;
  /** Ends a run or a search; the machine stays where it is, or where a search for another technique's began. */
  stop(): void;
  setSpeed(speed: number): void;
  setWindow(from: number | null, to: number | null): void;
  input(console: number, bytes: readonly number[]): void;
  /** Views of these steps, everything that comes included; a running machine pauses. */
  views(steps: readonly number[]): Promise<readonly StageView[]>;
  revive(): void;
  setPredicting(on: boolean): void;
  /** Asks what the processor compared at this step. */
  askWhy(): void;
  /** Asks when the processor was in a place of the rings. */
  askStays(place: Pick<StaysView, 'vm' | 'ring'>): void;
  /** Opens the sources of what runs. */
  openSources(): void;
  /** Assembles what was changed and starts the machine anew; where it does not assemble, the machine stays. */
  assemble(): void;
  /** Drops all changes, and what a link or file typed, and starts the machine of the repository, or of an exercise as it begins. */
  revert(): void;
  close(): void;
}

const HELD = 200;

/** Connects a store with a machine: sends what the reader asks, one movement at a time, and keeps the newest answer. */
export function createController(store: StageStore, connectClient: () => Client, now: () => number = () => performance.now()): Controller {
  let client: Client | null = null;
  let unsubscribe: () => void = () => {};
  let nextId = 1;
  let opened = 0;
  let target: Target | null = null;
  /** The target could not be opened, and what was there before still is. */
  let kept = false;
  let wanted: LinkState | null = null;
  let bringer: Bringer = 'link';
  let hash = false;
  let busy: number | null = null;
  let searching = false;
  let queued: Move | null = null;
  let pace: Pace = 'leap';
  let lastFrame = 0;
  const predicting = new Predicting();
  const state = () => store.getState();
  const send: Send = (request) => {
    const id = nextId++;
    client?.send({ ...request, id });
    return id;
  };
  const asking = new Asking(store, send);
  const showing = createShowing(() => opened > 0, send);

  const move = (next: Move) => {
    const { frame, died } = state();
    if (!frame || died) return;
    if (frame.running) send({ type: 'pause' });
    if (busy !== null && !searching) {
      queued = merge(queued, next);
      return;
    }
    const time = now();
    pace = next.type === 'step' || next.type === 'back' ? (time - lastFrame < HELD || next.count > 1 ? 'held' : 'step') : 'leap';
    busy = nextId;
    searching = next.type === 'exit' || next.type === 'to-stop';
    send(next);
  };

  const go = (place: EventPlace | 'start', asks: QuestionWish | null) => {
    if (state().frame?.running) send({ type: 'pause' });
    pace = 'leap';
    busy = nextId;
    searching = true;
    send({ ...(place === 'start' ? { type: 'seek', n: 0 } : { type: 'place', place }), ...(asks && { asks }) });
  };

  const settled = (id: number) => {
    if (busy === null || id < busy) return;
    busy = null;
    searching = false;
    const next = queued;
    queued = null;
    if (next) move(next);
  };

  const onAnswer = (answer: Answer) => {
    handle(answer);
    writing.onAnswer(answer, 'id' in answer && answer.id === opened);
  };

  const handle = (answer: Answer) => {
    switch (answer.type) {
      case 'ready':
        store.setState({ scenarios: answer.scenarios });
        if (wanted) follow(wanted);
        wanted = null;
        break;
      case 'progress':
        if (answer.id >= opened) store.setState({ progress: { text: answer.text, done: answer.done, total: answer.total } });
        break;
      case 'frame':
        if (answer.id >= opened) receive(answer);
        break;
      case 'views':
        asking.answer(answer.id, answer.views);
        break;
      case 'why':
        store.setState({ why: { n: answer.n, why: answer.why } });
        break;
      case 'stays':
        store.setState({ stays: answer.stays });
        break;
      case 'sources':
        if (!writing.takes(answer.files)) store.setState({ sources: answer.files });
        break;
      case 'source-error':
        kept ||= answer.id === opened;
        store.setState({ sourceErrors: answer.errors, progress: null, phase: state().frame ? 'ready' : 'opening' });
        settled(answer.id);
        break;
      case 'refused':
        kept ||= answer.id === opened;
        if (answer.id === opened && state().frame === null) {
          const message = say`This link cannot be followed: ${answer.message}`;
          store.setState({ linkError: { message, scenario: target?.scenario ?? null }, progress: null });
        } else store.setState({ refused: answer.message, progress: null });
        settled(answer.id);
        break;
      case 'died':
        busy = null;
        queued = null;
        store.setState({ died: { message: answer.message, n: answer.n || (state().frame?.view.n ?? 0) }, progress: null });
        break;
    }
  };

  const receive = (answer: Answer & { type: 'frame' }) => {
    const { frame, exitOrder, phase, speed, selected, hovered } = state();
    kept ||= phase === 'opening' && target?.keep === true && answer.id !== opened;
    const source = (kept ? frame?.source : target?.source) ?? null;
    const chosenVms = (kept ? frame?.chosenVms : target?.vms) ?? null;
    const fresh = phase !== 'ready' || answer.id === opened;
    const { asking: before, outcome: shown, chosen } = state();
    const { view: presented, ...asked } = predicting.present(answer.view, fresh ? null : shown);
    const again = !fresh && before?.n === asked.asking?.n && before?.kind === asked.asking?.kind;
    const view = share(frame?.view, presented);
    const running = answer.running;
    const how: Pace = fresh ? 'leap' : running || frame?.running ? (speed > 8 ? 'fast' : 'step') : pace;
    lastFrame = now();
    store.setState({
      phase: 'ready',
      frame: {
        view,
        running,
        scenario: answer.scenario,
        source,
        vmm: answer.vmm,
        vms: answer.vms,
        chosenVms,
        setup: share(frame?.setup, answer.setup),
      },
      pace: how,
      motion: motionFor(how, frame?.view.rings.active?.ring ?? null, view.rings.active?.ring ?? null),
      progress: null,
      refused: '',
      sourceErrors: fresh ? [] : state().sourceErrors,
      ...(answer.id === opened && { changes: target?.changes ?? {} }),
      selected: keptSelection(selected, frame?.view, view),
      hovered: view.n === frame?.view.n ? hovered : null,
      exitOrder: fresh ? sortedOrder(view.exits.counts) : keepOrder(exitOrder, view.exits.counts),
      notice: fresh ? arrival(target, view.n, view.exits.total) : state().notice,
      ...asked,
      chosen: again ? chosen : null,
    });
    if (answer.id === opened && state().sources) send({ type: 'sources' });
    settled(answer.id);
  };

  const follow = (link: LinkState) => {
    const found = targetOf(link, state().scenarios);
    if ('message' in found) store.setState({ linkError: found });
    else openBrought(found, bringer);
  };

  /** Changes that a link or a file brings stay its own: the page says what they are. */
  const openBrought = (next: Target, by: Bringer, asks: QuestionWish | null = null) => {
    open(next, asks);
    const { edits = [], inputs = [] } = next;
    if (edits.length + inputs.length > 0) store.setState({ linked: { edits, inputs, by } });
  };

  const open = (next: Target, asks: QuestionWish | null = null) => {
    target = next;
    busy = null;
    queued = null;
    store.setState({
      phase: 'opening',
      asked: next.scenario ?? '',
      linkError: null,
      notice: '',
      refused: '',
      died: null,
      selected: null,
      hovered: null,
      stays: null,
      sourceErrors: [],
      linked: null,
    });
    const defined = Object.fromEntries(Object.entries(next).filter(([, value]) => value !== undefined)) as unknown as Target;
    opened = nextId;
    kept = false;
    send({ type: 'open', ...defined, ...(hash ? { hash: true } : {}), ...(asks && { asks }) });
    showing.again();
  };

  const writing = createWriting(store, {
    open,
    ready: () => asking.ready(),
    send,
  });

  /** Another make of this machine: in a lesson, where its page stands, or the last one that says where, and with what it asks. */
  const openHere = (next: Target) => {
    const { lesson } = state();
    const { place, asks } = lesson && !exerciseHere(state()) ? placeRead(lesson) : { place: null, asks: null };
    open({ ...next, ...(place === 'start' ? { step: 0 } : place && { place }) }, asks);
  };

  const attach = () => {
    unsubscribe();
    client?.close();
    client = connectClient();
    unsubscribe = client.onAnswer(onAnswer);
    if (state().predicting) send({ type: 'asks', on: true });
  };

  return {
    ...createChoices(store),
    ...showing.actions,
    ...createSelecting(store, showing.actions),
    ...createStopping(() => state().frame !== null, move, send),
    ...writing.actions,
    ...createLearning(store, { asking, open: (next, asks) => openBrought(next, 'file', asks), go, forgetChange: writing.forgetChange }),
    start(link, openIt = true, by = 'link') {
      bringer = by;
      hash = link.hash;
      wanted = openIt ? link : null;
      if (!client) attach();
      else if (!openIt) return;
      else if (state().scenarios.length > 0) {
        wanted = null;
        follow(link);
      }
    },
    open(next) {
      store.setState({ lesson: null, exercise: null });
      open(next);
    },
    openFile(next) {
      store.setState({ lesson: null, exercise: null });
      openBrought(next, 'file');
    },
    switchTo(technique) {
      const { frame, changes, asked } = state();
      store.setState({ lesson: null });
      open(frame && frame.scenario === asked ? under(technique, frame, changes) : { scenario: asked, ...technique });
    },
    restart() {
      if (state().frame?.running) send({ type: 'pause' });
      move({ type: 'seek', n: 0 });
    },
    step() {
      const { frame, asking, chosen } = state();
      if (asking && busy === null) predicting.answer(asking, chosen);
      if (!frame?.view.ended) move({ type: 'step', count: 1 });
    },
    back() {
      if ((state().frame?.view.n ?? 0) > 0 || busy !== null) move({ type: 'back', count: 1 });
    },
    seek(n) {
      move({ type: 'seek', n: Math.max(0, Math.round(n)) });
    },
    exit(back = false) {
      const { frame } = state();
      if (back || !frame?.view.ended) move({ type: 'exit', back });
    },
    stop() {
      const { frame, progress } = state();
      if (frame && (frame.running || searching || progress)) send({ type: 'pause' });
    },
    toggleRun() {
      const { frame, speed, died, progress } = state();
      if (!frame || died) return;
      if (frame.running || searching || progress) send({ type: 'pause' });
      else if (!frame.view.ended) send({ type: 'run', speed });
    },
    setSpeed(speed) {
      store.setState({ speed });
      if (state().frame?.running) send({ type: 'run', speed });
    },
    setWindow(from, to) {
      if (state().frame) send({ type: 'window', from, to });
    },
    input(console, bytes) {
      if (state().frame) send({ type: 'input', console, bytes });
    },
    views: (steps) => asking.ask({ type: 'views', steps }),
    revive() {
      const { died, frame } = state();
      const again = target ?? (frame ? { scenario: frame.scenario } : null);
      if (!again) {
        wanted = wanted ?? { ...NOTHING, hash };
        store.setState({ died: null });
        attach();
        return;
      }
      attach();
      open({
        ...again,
        exit: undefined,
        vmm: frame?.vmm ?? again.vmm,
        paging: frame?.view.paging ?? again.paging,
        vms: again.vms,
        inputs: frame?.setup.inputs ?? again.inputs,
        step: died?.n ?? 0,
      });
    },
    askWhy: () => void send({ type: 'why' }),
    askStays: ({ vm, ring }) => void send({ type: 'stays', vm, ring }),
    openSources: () => send({ type: 'sources' }),
    assemble() {
      const { sources, drafts, changes, frame } = state();
      const all = { ...changes, ...changesOf(sources ?? [], drafts) };
      if (frame && sources) openHere(changedMachine(frame, sources[0]?.path ?? '', all));
    },
    revert() {
      const { frame, lesson, linked } = state();
      store.setState({ drafts: answersIn(state().drafts) });
      const typed = frame && linked === null ? typedAgain(frame) : {};
      if (frame && !writing.beginAnew()) openHere({ ...(lesson ? lessonMachine(lesson.lesson) : machineOf(frame)), ...typed });
      else if (!frame && target) open({ ...target, edits: undefined, inputs: undefined });
    },
    setPredicting(on) {
      if (on === state().predicting) return;
      store.setState({ predicting: on });
      send({ type: 'asks', on });
    },
    close() {
      unsubscribe();
      client?.close();
      client = null;
    },
  };
}

function merge(before: Move | null, next: Move): Move {
  if (before && next.type === before.type && (next.type === 'step' || next.type === 'back')) {
    return { type: next.type, count: next.count + (before as { count: number }).count };
  }
  return next;
}
