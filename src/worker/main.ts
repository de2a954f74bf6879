/** The worker's entry. */
import type { MachineScope } from './protocol.ts';
import { serve } from './serve.ts';

serve(globalThis as unknown as MachineScope);
