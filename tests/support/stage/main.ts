import { messagesIn } from '../../../src/messages/load.ts';
import { startStage } from '../../../src/web/app/start.tsx';
import '../../../src/web/styles/index.css';
import { fixtureClient } from './client.ts';

const query = new URLSearchParams(location.search);
const vmm = query.get('vmm');
const root = document.getElementById('root');
if (root) {
  void startStage(
    root,
    () =>
      fixtureClient({
        state: query.get('state') ?? undefined,
        vmm: vmm === 'none' ? 'none' : 'vtx',
        vms: Number(query.get('vms') ?? 2),
        at: Number(query.get('at') ?? 10),
      }),
    messagesIn,
  );
}
