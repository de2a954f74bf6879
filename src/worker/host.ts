/** The machine's side of the protocol: one session at a time, in slices. The same in a worker and on the page's own thread. */
import { say, speak, told } from '../lib/say.ts';
import { check } from '../session/claims.ts';
import { provide, SourceErrors } from '../session/guests.ts';
import { keepPlace } from '../session/keeping.ts';
import { Refused } from '../session/refused.ts';
import { DEFAULT_SCENARIO, SCENARIOS, scenarioView } from '../session/scenarios.ts';
import { Session } from '../session/session.ts';
import type { Stops } from '../session/stops.ts';
import type { QuestionWish, StageView } from '../session/views.ts';
import { createLabHost } from './lab-host.ts';
import { type Answer, FAST, type Request } from './protocol.ts';

export interface Host {
  receive(request: Request): void;
  /** Works on what is under way for about so many milliseconds by the caller's clock; true while more is due. */
  slice(budget: number): boolean;
}

/** Milliseconds from any start. The host has no clock of its own. */
export type Now = () => number;

/** Steps at full speed between two looks at the clock. */
const BURST = 20_000;
/** So few steps at once are taken one by one. */
const LEISURELY = 64;
/** Fewest milliseconds between two frames while running. */
const FRAME = 16;

/** Wherever one is worth it, the most telling one. */
const ANY: QuestionWish = { kind: null, misconception: '' };

/** Something that takes a while. */
interface Work {
  readonly id: number;
  readonly text: string;
  readonly total: number;
  readonly steps: Generator<number, unknown>;
}

interface Running {
  readonly id: number;
  readonly speed: number;
  /** Since when and from where this speed has been kept; anew where the machine could not keep it. */
  startedAt: number;
  startedN: number;
  lastFrame: number;
}

const dueAt = ({ speed, startedAt, startedN }: Running, time: number): number =>
  Number.isFinite(speed) ? startedN + Math.floor(((time - startedAt) * speed) / 1000) : Number.POSITIVE_INFINITY;

type ToStop = Extract<Request, { type: 'to-stop' }>;

const toStopText = ({ back, n, way }: ToStop): string =>
  way
    ? say`Running until it comes back`
    : back === true
      ? say`Looking back for the last stop`
      : n === undefined
        ? say`Running to the next stop`
        : say`Running to this instruction`;

const toStop = (stops: Stops, { back, n, way }: ToStop): Generator<number, void> =>
  way ? stops.stepping(way) : back === true ? stops.back() : n === undefined ? stops.forward() : stops.toInstruction(n);

export function createHost(post: (answer: Answer) => void, now: Now): Host {
  let session: Session | null = null;
  let work: Work | null = null;
  let running: Running | null = null;
  /** Frames bring questions. */
  let asks = false;
  /** The question that the answer to a request brings, and every frame of that step, also when it is come back to; -1 before it is known. */
  let wish: { readonly id: number; readonly question: QuestionWish; n: number } | null = null;
  const lab = createLabHost(post, now);

  const introduce = (): void =>
    post({
      type: 'ready',
      scenarios: [DEFAULT_SCENARIO, ...SCENARIOS.filter((scenario) => scenario !== DEFAULT_SCENARIO)].map(scenarioView),
    });

  const isFast = (): boolean => running !== null && running.speed > FAST;

  const frame = (id: number): void => {
    if (session === null) return;
    const { scenario, vmm, vms, setup } = session;
    if (wish?.id === id) wish.n = session.n;
    const wished = wish?.n === session.n ? wish.question : asks ? ANY : null;
    post({
      type: 'frame',
      id,
      view: session.view(isFast(), running === null ? wished : null),
      running: running !== null,
      scenario: scenario.id,
      vmm,
      vms,
      setup,
    });
  };

  /** What is under way is given up; it leaves the machine where it was before, if it was to be another's. */
  const abandon = (): void => {
    work?.steps.return(undefined);
    work = null;
  };

  const open = (request: Extract<Request, { type: 'open' }>): void => {
    const opened = Session.open(request);
    const { id, step, exit, place } = request;
    abandon();
    running = null;
    if (request.keep === true && session !== null && session.scenario === opened.scenario) {
      work = { id, text: say`Looking for the same place in the guest. Escape gives up.`, total: 0, steps: keep(session, opened) };
      return;
    }
    session = opened;
    function* to(n: number): Generator<number, void> {
      while (opened.n < n && !opened.ended) {
        opened.run(Math.min(n, opened.n + BURST));
        yield opened.n;
      }
      opened.seek(n);
    }
    const steps = place
      ? opened.toPlace(place)
      : exit !== undefined
        ? opened.toExit(exit)
        : step !== undefined
          ? to(step)
          : opened.opening();
    work = { id, text: say`Starting ${told(opened.scenario.title)}`, total: step ?? 0, steps };
  };

  function* checking(machine: Session, { id, examination }: Extract<Request, { type: 'check' }>): Generator<number, void> {
    post({ type: 'checked', id, results: yield* check(machine, examination) });
  }

  function* keep(from: Session, to: Session): Generator<number, void> {
    to.said = yield* keepPlace(from, to);
    to.withBlock = from.withBlock;
    to.part = from.part;
    to.followed = from.followed;
    session = to;
  }

  function* sheet(machine: Session, { id, places }: Extract<Request, { type: 'sheet' }>): Generator<number, void> {
    const { n } = machine;
    const views: StageView[] = [];
    for (const { place, asks: question } of places) {
      if (place === 'start') machine.seek(0);
      else if (place !== null) yield* machine.toPlace(place);
      views.push(machine.view(false, question));
    }
    machine.seek(n);
    post({ type: 'views', id, views });
  }

  const viewsAt = (machine: Session, steps: readonly number[]): StageView[] => {
    const { n } = machine;
    const views = steps.map((step) => {
      machine.seek(step);
      return machine.view();
    });
    machine.seek(n);
    return views;
  };

  const receive = (request: Request): void => {
    if (request.type === 'open' || request.type === 'place' || (request.type === 'seek' && request.asks))
      wish = request.asks ? { id: request.id, question: request.asks, n: -1 } : null;
    if (request.type === 'asks') {
      asks = request.on;
      if (session !== null && work === null) frame(request.id);
      return;
    }
    if (request.type === 'open') {
      open(request);
      return;
    }
    if (request.type === 'images') {
      provide(request.images);
      return;
    }
    if (request.type === 'speak') {
      speak(request.messages);
      introduce();
      return;
    }
    if (request.type === 'lab' || request.type === 'lab-program' || request.type === 'costs') {
      lab.receive(request);
      return;
    }
    if (session === null) return;
    if (request.type === 'block') {
      session.withBlock = request.shown;
      if (work === null && request.shown) frame(request.id);
      return;
    }
    if (request.type === 'part') {
      session.part = request.request;
      if (work === null && request.request !== null) frame(request.id);
      return;
    }
    if (request.type === 'follow') {
      session.followed = request.wish;
      if (work === null) frame(request.id);
      return;
    }
    if (request.type === 'why') {
      if (work === null && running === null) post({ type: 'why', id: request.id, n: session.n, why: session.why() });
      return;
    }
    if (request.type === 'stays') {
      if (work === null && !isFast()) post({ type: 'stays', id: request.id, stays: session.stays(request) });
      return;
    }
    if (request.type === 'detail') {
      session.chosen = request.n;
      if (work === null && request.n !== null) frame(request.id);
      return;
    }
    if (request.type === 'sources') {
      post({ type: 'sources', id: request.id, files: session.sources() });
      return;
    }
    if (request.type === 'window') {
      session.look(request.from === null || request.to === null ? null : { from: request.from, to: request.to });
      if (work === null) frame(request.id);
      return;
    }
    abandon();
    if (request.type === 'input') {
      session.type(request.console, request.bytes);
      frame(request.id);
      return;
    }
    running = null;
    switch (request.type) {
      case 'views':
        post({ type: 'views', id: request.id, views: viewsAt(session, request.steps) });
        return;
      case 'step':
        session.step(request.count);
        break;
      case 'back':
        session.back(request.count);
        break;
      case 'seek':
        session.seek(request.n);
        break;
      case 'place':
        work = { id: request.id, text: say`On the way to the place`, total: 0, steps: session.toPlace(request.place) };
        return;
      case 'sheet':
        work = { id: request.id, text: say`Drawing the pages`, total: 0, steps: sheet(session, request) };
        return;
      case 'check':
        work = { id: request.id, text: say`Checking`, total: 0, steps: checking(session, request) };
        return;
      case 'stop-at':
        session.stops.addInstruction(request.n);
        break;
      case 'stop-write':
        session.stops.addWrite(request.address, request.size, request.physical);
        break;
      case 'stop-line': {
        const { id, path, line, once } = request;
        if (!once) session.stops.addLine(path, line);
        else {
          work = { id, text: say`Running to line ${line}`, total: 0, steps: session.stops.toLine(path, line) };
          return;
        }
        break;
      }
      case 'remove-stop':
        session.stops.remove(request.stop);
        break;
      case 'to-stop':
        work = { id: request.id, text: toStopText(request), total: 0, steps: toStop(session.stops, request) };
        return;
      case 'exit':
        if (request.back !== true) {
          work = {
            id: request.id,
            text: session.vms > 0 ? say`Running to the next VM exit` : say`Running to the next interrupt or fault`,
            total: 0,
            steps: session.nextEvent(),
          };
          return;
        }
        session.previousEvent();
        break;
      case 'run':
        running = { id: request.id, speed: request.speed, startedAt: now(), startedN: session.n, lastFrame: Number.NEGATIVE_INFINITY };
        return;
      case 'pause':
        break;
    }
    frame(request.id);
  };

  /** Goes on with an opening or a search. */
  const pursue = (until: number): boolean => {
    const { id, text, total, steps } = work as Work;
    let done = 0;
    do {
      const next = steps.next();
      if (next.done === true) {
        work = null;
        frame(id);
        return false;
      }
      done = next.value;
    } while (now() < until);
    post({ type: 'progress', id, text, done, total });
    return true;
  };

  const advance = (until: number): boolean => {
    const machine = session as Session;
    const run = running as NonNullable<typeof running>;
    const due = dueAt(run, now());
    const { stops } = machine;
    let met = false;
    if (due - machine.n <= LEISURELY && stops.views.length === 0) machine.step(Math.max(0, due - machine.n));
    while (machine.n < due && !machine.ended && !met) {
      met = stops.run(Math.min(due, machine.n + BURST));
      if (now() >= until) break;
    }
    if (met) {
      running = null;
      frame(run.id);
      return false;
    }
    if (machine.n < due) {
      run.startedAt = now();
      run.startedN = machine.n;
    }
    const isShown = machine.ended || now() - run.lastFrame >= FRAME;
    if (isShown) machine.slowDown();
    if (machine.ended) running = null;
    if (isShown) {
      run.lastFrame = now();
      frame(run.id);
    }
    return running !== null;
  };

  const guarded = <T>(id: number, action: () => T, otherwise: T): T => {
    try {
      return action();
    } catch (error) {
      if (error instanceof SourceErrors) {
        post({
          type: 'source-error',
          id,
          errors: error.errors.map(({ file, line, column, message, hint }) => ({ file, line, column, message, hint })),
        });
      } else if (error instanceof Refused) post({ type: 'refused', id, message: error.message });
      else {
        work = null;
        running = null;
        const message = error instanceof Error ? error.message : String(error);
        post({ type: 'died', message, n: session?.n ?? 0 });
      }
      return otherwise;
    }
  };

  introduce();
  return {
    receive: (request) => guarded(request.id, () => receive(request), undefined),
    slice: (budget) => {
      const until = now() + budget;
      const testing = guarded(0, () => lab.slice(until), false);
      if (session === null || (work === null && running === null)) return testing;
      const id = work?.id ?? running?.id ?? 0;
      return guarded(id, () => (work !== null ? pursue(until) : advance(until)), false) || testing;
    },
  };
}
