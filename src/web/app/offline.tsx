/** The entry of the whole app in one file, with the machine packed beside it in the same page. */
import type { Messages } from '../../lib/say.ts';
import type { Language } from '../../messages/languages.ts';
import { connect } from './client.ts';
import { declaredMachine, ladderOf } from './rungs.ts';
import { startStage } from './start.tsx';

/** The text that is packed in an element of the page. */
async function unpacked(id: string): Promise<string> {
  const packed = document.getElementById(id)?.textContent ?? '';
  const bytes = Uint8Array.from(atob(packed.trim()), (character) => character.charCodeAt(0));
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'))).text();
}

async function runMachine(): Promise<void> {
  const script = document.createElement('script');
  script.textContent = await unpacked('rm1-packed');
  document.head.append(script);
}

const messagesIn = async (language: Language): Promise<Messages | null> =>
  language === 'en' ? null : JSON.parse(await unpacked(`rm1-packed-${language}`));

async function start(root: Element): Promise<void> {
  await runMachine();
  const machine = declaredMachine('what lies in this page');
  await startStage(root, () => connect(ladderOf(machine)), messagesIn);
}

const root = document.getElementById('root');
if (root) void start(root);
