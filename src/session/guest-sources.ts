/** Every assembly source in src/guest, by its path there. Written by `node scripts/guest-sources.mjs`. */

import demoBenchInc from '../guest/demo/bench.inc?raw';
import demoBenchCallsAsm from '../guest/demo/bench-calls.asm?raw';
import demoBenchComputeAsm from '../guest/demo/bench-compute.asm?raw';
import demoBenchMemoryAsm from '../guest/demo/bench-memory.asm?raw';
import demoTripleFaultAsm from '../guest/demo/triple-fault.asm?raw';
import firstExitFirstExitAsm from '../guest/first-exit/first-exit.asm?raw';
import firstExitGuestInc from '../guest/first-exit/guest.inc?raw';
import firstExitMonitorInc from '../guest/first-exit/monitor.inc?raw';
import minimBootInc from '../guest/minim/boot.inc?raw';
import minimCallsInc from '../guest/minim/calls.inc?raw';
import minimClockInc from '../guest/minim/clock.inc?raw';
import minimConsoleInc from '../guest/minim/console.inc?raw';
import minimCountInc from '../guest/minim/count.inc?raw';
import minimDescriptorsInc from '../guest/minim/descriptors.inc?raw';
import minimHelloInc from '../guest/minim/hello.inc?raw';
import minimMainInc from '../guest/minim/main.inc?raw';
import minimMemoryInc from '../guest/minim/memory.inc?raw';
import minimMinimAsm from '../guest/minim/minim.asm?raw';
import minimSystemCallsInc from '../guest/minim/system-calls.inc?raw';
import minimTaskInc from '../guest/minim/task.inc?raw';
import minimTrapInc from '../guest/minim/trap.inc?raw';
import vmmLibCpuInc from '../guest/vmm/lib/cpu.inc?raw';
import vmmLibDebugInc from '../guest/vmm/lib/debug.inc?raw';
import vmmLibVmcsInc from '../guest/vmm/lib/vmcs.inc?raw';
import vmmLibVmxInc from '../guest/vmm/lib/vmx.inc?raw';
import vmmVtxBootInc from '../guest/vmm/vtx/boot.inc?raw';
import vmmVtxConsoleInc from '../guest/vmm/vtx/console.inc?raw';
import vmmVtxCrInc from '../guest/vmm/vtx/cr.inc?raw';
import vmmVtxExitsInc from '../guest/vmm/vtx/exits.inc?raw';
import vmmVtxInjectInc from '../guest/vmm/vtx/inject.inc?raw';
import vmmVtxInstructionsInc from '../guest/vmm/vtx/instructions.inc?raw';
import vmmVtxInterruptsInc from '../guest/vmm/vtx/interrupts.inc?raw';
import vmmVtxIoInc from '../guest/vmm/vtx/io.inc?raw';
import vmmVtxLoaderInc from '../guest/vmm/vtx/loader.inc?raw';
import vmmVtxScheduleInc from '../guest/vmm/vtx/schedule.inc?raw';
import vmmVtxShadowInc from '../guest/vmm/vtx/shadow.inc?raw';
import vmmVtxStateInc from '../guest/vmm/vtx/state.inc?raw';
import vmmVtxVmInc from '../guest/vmm/vtx/vm.inc?raw';
import vmmVtxVpicInc from '../guest/vmm/vtx/vpic.inc?raw';
import vmmVtxVpitInc from '../guest/vmm/vtx/vpit.inc?raw';
import vmmVtxVtxAsm from '../guest/vmm/vtx/vtx.asm?raw';
import vmmVtxVuartInc from '../guest/vmm/vtx/vuart.inc?raw';

export const GUEST_SOURCES: Readonly<Record<string, string>> = {
  'demo/bench-calls.asm': demoBenchCallsAsm,
  'demo/bench-compute.asm': demoBenchComputeAsm,
  'demo/bench-memory.asm': demoBenchMemoryAsm,
  'demo/bench.inc': demoBenchInc,
  'demo/triple-fault.asm': demoTripleFaultAsm,
  'first-exit/first-exit.asm': firstExitFirstExitAsm,
  'first-exit/guest.inc': firstExitGuestInc,
  'first-exit/monitor.inc': firstExitMonitorInc,
  'minim/boot.inc': minimBootInc,
  'minim/calls.inc': minimCallsInc,
  'minim/clock.inc': minimClockInc,
  'minim/console.inc': minimConsoleInc,
  'minim/count.inc': minimCountInc,
  'minim/descriptors.inc': minimDescriptorsInc,
  'minim/hello.inc': minimHelloInc,
  'minim/main.inc': minimMainInc,
  'minim/memory.inc': minimMemoryInc,
  'minim/minim.asm': minimMinimAsm,
  'minim/system-calls.inc': minimSystemCallsInc,
  'minim/task.inc': minimTaskInc,
  'minim/trap.inc': minimTrapInc,
  'vmm/lib/cpu.inc': vmmLibCpuInc,
  'vmm/lib/debug.inc': vmmLibDebugInc,
  'vmm/lib/vmcs.inc': vmmLibVmcsInc,
  'vmm/lib/vmx.inc': vmmLibVmxInc,
  'vmm/vtx/boot.inc': vmmVtxBootInc,
  'vmm/vtx/console.inc': vmmVtxConsoleInc,
  'vmm/vtx/cr.inc': vmmVtxCrInc,
  'vmm/vtx/exits.inc': vmmVtxExitsInc,
  'vmm/vtx/inject.inc': vmmVtxInjectInc,
  'vmm/vtx/instructions.inc': vmmVtxInstructionsInc,
  'vmm/vtx/interrupts.inc': vmmVtxInterruptsInc,
  'vmm/vtx/io.inc': vmmVtxIoInc,
  'vmm/vtx/loader.inc': vmmVtxLoaderInc,
  'vmm/vtx/schedule.inc': vmmVtxScheduleInc,
  'vmm/vtx/shadow.inc': vmmVtxShadowInc,
  'vmm/vtx/state.inc': vmmVtxStateInc,
  'vmm/vtx/vm.inc': vmmVtxVmInc,
  'vmm/vtx/vpic.inc': vmmVtxVpicInc,
  'vmm/vtx/vpit.inc': vmmVtxVpitInc,
  'vmm/vtx/vtx.asm': vmmVtxVtxAsm,
  'vmm/vtx/vuart.inc': vmmVtxVuartInc,
};
