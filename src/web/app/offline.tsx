/** The entry of the whole app in one file, after the machine that lies in the same page: embed/offline.js runs both. */
import type { Messages } from '../../lib/say.ts';
import type { Language } from '../../messages/languages.ts';
import '../styles/index.css';
import { connect } from './client.ts';
import { declaredMachine, ladderOf } from './rungs.ts';
import { startStage } from './start.tsx';

declare const rm1Unpacked: (id: string) => Promise<string>;

const messagesIn = async (language: Language): Promise<Messages | null> =>
  language === 'en' ? null : JSON.parse(await rm1Unpacked(`rm1-${language}`));

const root = document.getElementById('root');
const machine = declaredMachine('what lies in this page');
if (root) void startStage(root, () => connect(ladderOf(machine)), messagesIn);
