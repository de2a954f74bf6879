/** The worker's entry. */
import { type MachineScope, serve } from './serve.ts';

serve(globalThis as unknown as MachineScope);
