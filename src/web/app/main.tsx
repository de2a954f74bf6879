import { messagesIn } from '../../messages/load.ts';
import { connect } from './client.ts';
import { ladder } from './rungs.ts';
import { startStage } from './start.tsx';

const root = document.getElementById('root');
/** The build says which machine is the one that was made with this page. */
const machine = new URL(`machine.js?${import.meta.env.VITE_RM1_MACHINE ?? ''}`, document.baseURI).href;
if (root) void startStage(root, () => connect(ladder(machine)), messagesIn);
