import type { ScenarioView, Setup, StageView } from '../../../src/session/views.ts';
import type { Answer, Client, Request } from '../../../src/worker/protocol.ts';
import { failureView, type Scene, scene, viewAt } from './views.ts';

export const scenarios: readonly ScenarioView[] = [
  {
    id: 'two-kernels',
    title: 'Two kernels, one processor',
    summary: 'Both believe they own the machine. Follow one context switch through the hypervisor and back.',
    techniques: [
      { id: 'none', title: 'Bare metal', pagings: [] },
      { id: 'vtx', title: 'VT-x', pagings: [] },
    ],
    vmm: 'vtx',
    vms: 2,
  },
  {
    id: 'first-exit',
    title: 'The first exit',
    summary: 'CPUID leaves the guest; the VMCS holds what was and what comes.',
    techniques: [{ id: 'vtx', title: 'VT-x', pagings: [] }],
    vmm: 'vtx',
    vms: 1,
  },
];

/** A machine as its scenario and technique say. */
export const PLAIN: Setup = { cpu: null, costs: null, edits: [], inputs: [] };

export interface FixtureOptions {
  /** `failure`, `died`, `source-error`, `loading`, `silent`; else a machine that can be stepped. */
  readonly state?: string;
  readonly vmm?: 'none' | 'vtx';
  readonly vms?: number;
  /** Index of the step at which it opens. */
  readonly at?: number;
}

/** A machine of cardboard: answers the page's requests with hand-made views. For tests and for drawing only. */
export function fixtureClient(options: FixtureOptions = {}): Client {
  const listeners = new Set<(answer: Answer) => void>();
  let current: Scene = scene(options.vmm ?? 'vtx', options.vms ?? 2);
  let vmm = options.vmm ?? 'vtx';
  const vms = options.vms ?? 2;
  let at = options.at ?? 10;
  let scenario = 'two-kernels';
  let hash = false;
  let timer: ReturnType<typeof setInterval> | undefined;
  let span: StageView['timeline']['window'] | null = null;
  const post = (answer: Answer) => {
    setTimeout(() => {
      for (const listener of [...listeners]) listener(structuredClone(answer));
    }, 0);
  };
  const frame = (id: number) => {
    const base = options.state === 'failure' ? failureView(current) : viewAt(current, at);
    const view: StageView = {
      ...base,
      hash: hash ? `fixture-${base.n}` : '',
      timeline: span ? { ...base.timeline, window: span } : base.timeline,
    };
    post({ type: 'frame', id, view, running: timer !== undefined, scenario, vmm, vms: current.vms, setup: PLAIN });
  };
  const clamp = (i: number) => Math.max(0, Math.min(current.steps.length - 1, i));
  const stop = () => {
    clearInterval(timer);
    timer = undefined;
  };
  post({ type: 'ready', scenarios });
  return {
    rung: 'main-thread',
    send(request: Request) {
      if (options.state === 'silent') return;
      switch (request.type) {
        case 'open':
          stop();
          scenario = request.scenario ?? scenario;
          if (request.vmm !== undefined) vmm = request.vmm === 'none' ? 'none' : 'vtx';
          hash = request.hash ?? false;
          current = scene(vmm, request.vms ?? vms);
          if (request.step !== undefined) at = clamp(current.steps.findIndex((s) => s.n >= request.step!));
          at = clamp(at);
          if (options.state === 'loading') {
            post({ type: 'progress', id: request.id, text: 'Booting VM 1, 1.2 M steps…', done: 7, total: 20 });
            return;
          }
          frame(request.id);
          if (options.state === 'source-error') {
            post({
              type: 'source-error',
              id: request.id,
              errors: [
                {
                  file: 'switch.asm',
                  line: 41,
                  column: 9,
                  message: 'MOV cannot load CR9: there is no such register.',
                  hint: 'CR3 holds the page directory.',
                },
              ],
            });
          }
          if (options.state === 'died') post({ type: 'died', message: 'an internal check failed in the decoder.', n: 20400 });
          return;
        case 'step':
        case 'back':
          stop();
          at = clamp(at + (request.type === 'step' ? request.count : -request.count));
          frame(request.id);
          return;
        case 'seek': {
          stop();
          const found = current.steps.findIndex((s) => s.n >= request.n);
          at = clamp(found < 0 ? current.steps.length - 1 : found);
          frame(request.id);
          return;
        }
        case 'exit': {
          stop();
          const by = request.back ? -1 : 1;
          let i = clamp(at + by);
          while (i > 0 && i < current.steps.length - 1 && current.steps[i - 1]?.crossing === null) i += by;
          at = clamp(i);
          frame(request.id);
          return;
        }
        case 'run':
          stop();
          timer = setInterval(
            () => {
              at = at + 1 >= current.steps.length ? 0 : at + 1;
              frame(request.id);
            },
            Math.max(16, 1000 / request.speed),
          );
          frame(request.id);
          return;
        case 'pause':
          stop();
          frame(request.id);
          return;
        case 'window':
          span = request.from === null || request.to === null ? null : { from: request.from, to: request.to };
          frame(request.id);
          return;
        case 'input':
          frame(request.id);
          return;
      }
    },
    onAnswer(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close() {
      stop();
      listeners.clear();
    },
  };
}
