import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import vm from 'node:vm';
import { expect, test } from 'vitest';
import { imageFile } from '../../src/lib/image-file.ts';
import { SCENARIOS } from '../../src/session/scenarios.ts';
import { Session } from '../../src/session/session.ts';
import type { Answer, MachineScope, Request } from '../../src/worker/protocol.ts';

const dist = fileURLToPath(new URL('../../dist', import.meta.url));
const read = (file: string) => readFileSync(join(dist, file), 'utf8');
const STEPS = 300;

/** As the build has laid it into the embed: paths of images by scenario and monitor. */
const needs: Record<string, Record<string, string[]>> = vm.runInNewContext(
  `(${/\{"two-kernels":\{.*?\]\}\}/s.exec(read('embed/embed.js'))?.[0]})`,
);

/** The core machine on a thread of its own, as a page without workers has it. */
function coreMachine(script: string) {
  const answers: Answer[] = [];
  let receive: (event: { data: Request }) => void = () => {};
  const turns: (() => void)[] = [];
  const scope: MachineScope = {
    postMessage: (answer) => answers.push(answer),
    addEventListener: (_, listener) => {
      receive = listener;
    },
    setTimeout: (callback) => turns.push(callback),
  };
  const context = vm.createContext({ document: {}, performance, TextEncoder, TextDecoder });
  vm.runInContext(read(script), context);
  (context.rm1Machine as (scope: MachineScope) => void)(scope);
  return (request: Request): Answer | undefined => {
    receive({ data: request });
    for (let turn = turns.shift(); turn; turn = turns.shift()) turn();
    return answers.at(-1);
  };
}

/** Every scenario in its own way, and the first under every monitor. */
const openings = SCENARIOS.flatMap(({ id, vmm, vmms }, k) => (k === 0 ? vmms : [vmm]).map((each) => [id, each] as const));

test('the core machine that asks, asks what the full one does', () => {
  const ask = coreMachine('core-asks.js');
  const scripts = vm.createContext({});
  vm.runInContext('self = globalThis', scripts);
  for (const path of needs['first-exit']!.vtx!) vm.runInContext(read(imageFile(path)), scripts);
  ask({ type: 'images', id: 0, images: scripts.rm1Images });
  ask({ type: 'asks', id: 1, on: true });
  const full = Session.open({ scenario: 'first-exit' });
  full.seek(612);
  const { question } = full.view(false, { kind: null, misconception: '' });
  expect(question?.options).toHaveLength(4);
  expect(ask({ type: 'open', id: 2, scenario: 'first-exit', step: 612 })).toMatchObject({ type: 'frame', view: { n: 612, question } });
});

test.each(openings)('the core machine runs %s under %s as the full one does', (scenario, vmm) => {
  const ask = coreMachine(vmm === 'svm' ? 'core-svm.js' : 'core.js');
  const scripts = vm.createContext({});
  vm.runInContext('self = globalThis', scripts);
  for (const path of needs[scenario]![vmm]!) vm.runInContext(read(imageFile(path)), scripts);
  ask({ type: 'images', id: 0, images: scripts.rm1Images });
  const answer = ask({ type: 'open', id: 1, scenario, vmm, step: STEPS, hash: true });
  const full = Session.open({ scenario, vmm, hash: true });
  full.seek(STEPS);
  expect(answer).toMatchObject({ type: 'frame', view: { n: full.n, hash: full.view().hash } });
});
