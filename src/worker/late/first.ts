/** The entry of machine-first.js, the app's machine without what it is first asked for later: scripts/machine.mjs says what that is. */
import { expect } from '../../session/late/guests.ts';
import type { MachineScope } from '../protocol.ts';
import { serve as serveRequests } from '../serve.ts';

export function serve(scope: MachineScope): void {
  scope.addEventListener('message', ({ data }) => {
    if (data.type === 'open' && data.source === undefined && data.changes === undefined) expect(data);
  });
  serveRequests(scope);
}
