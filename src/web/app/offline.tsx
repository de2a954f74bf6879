/** The entry of the whole app in one file, with the machine beside it in the same page. */
import { classicLadder } from '../embed/rungs.ts';
import { connect } from './client.ts';
import { startStage } from './start.tsx';

const root = document.getElementById('root');
if (root) startStage(root, () => connect(classicLadder(location.href)));
