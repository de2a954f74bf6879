/** The entry of the whole app in one file, with the machine packed beside it in the same page. */
import { connect } from './client.ts';
import { declaredMachine, ladderOf } from './rungs.ts';
import { startStage } from './start.tsx';

async function unpackMachine(packed: string): Promise<void> {
  const bytes = Uint8Array.from(atob(packed.trim()), (character) => character.charCodeAt(0));
  const script = document.createElement('script');
  script.textContent = await new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'))).text();
  document.head.append(script);
}

async function start(root: Element): Promise<void> {
  await unpackMachine(document.getElementById('rm1-packed')?.textContent ?? '');
  const machine = declaredMachine('what lies in this page');
  startStage(root, () => connect(ladderOf(machine)));
}

const root = document.getElementById('root');
if (root) void start(root);
