import { messagesIn } from '../../messages/load.ts';
import type { Client } from '../../worker/protocol.ts';
import '../styles/index.css';
import { connect } from './client.ts';
import { keepOffline } from './offline-cache.ts';
import { ladder } from './rungs.ts';

const root = document.getElementById('root');
/** Says which scripts were made with this page; on a server for development there is but the whole machine. */
const build = import.meta.env.VITE_RM1_MACHINE;
const script = (name: string) => new URL(`${name}?${build ?? ''}`, document.baseURI).href;
const machine = script('machine.js');
const first = build === undefined ? machine : script('machine-first.js');

/** What the machine may be asked for next goes into the browser's cache; all of it stays for times without a network. */
const later = () => {
  document.head.append(Object.assign(document.createElement('link'), { rel: 'preload', as: 'script', href: script('machine-late.js') }));
  void keepOffline();
};

/** Milliseconds; the stage's script comes by the same line. */
const SILENCE = 8000;
const connectMachine = () => connect(ladder(machine, first), { silence: SILENCE });
/** The machine starts beside the page: before the stage's script, which is most of what there is to read, and asked for by index.html already. */
let started: Client | null = connectMachine();
const takeMachine = (): Client => {
  const client = started ?? connectMachine();
  started = null;
  return client;
};
if (root)
  void import('./start.tsx').then(({ startStage }) => startStage(root, takeMachine, messagesIn, build === undefined ? undefined : later));
