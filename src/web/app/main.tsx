import { connect } from './client.ts';
import { ladder } from './rungs.ts';
import { startStage } from './start.tsx';

const root = document.getElementById('root');
if (root) startStage(root, () => connect(ladder));
