import { messagesIn } from '../../messages/load.ts';
import { connect } from './client.ts';
import { keepOffline } from './offline-cache.ts';
import { ladder } from './rungs.ts';
import { startStage } from './start.tsx';

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
if (root) void startStage(root, () => connect(ladder(machine, first)), messagesIn, build === undefined ? undefined : later);
