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
import vmmLibBootInc from '../guest/vmm/lib/boot.inc?raw';
import vmmLibConsoleInc from '../guest/vmm/lib/console.inc?raw';
import vmmLibCpuInc from '../guest/vmm/lib/cpu.inc?raw';
import vmmLibDebugInc from '../guest/vmm/lib/debug.inc?raw';
import vmmLibInterruptsInc from '../guest/vmm/lib/interrupts.inc?raw';
import vmmLibIoInc from '../guest/vmm/lib/io.inc?raw';
import vmmLibLoaderInc from '../guest/vmm/lib/loader.inc?raw';
import vmmLibPagesInc from '../guest/vmm/lib/pages.inc?raw';
import vmmLibScheduleInc from '../guest/vmm/lib/schedule.inc?raw';
import vmmLibShadowInc from '../guest/vmm/lib/shadow.inc?raw';
import vmmLibVmInc from '../guest/vmm/lib/vm.inc?raw';
import vmmLibVmcsInc from '../guest/vmm/lib/vmcs.inc?raw';
import vmmLibVmxInc from '../guest/vmm/lib/vmx.inc?raw';
import vmmLibVpicInc from '../guest/vmm/lib/vpic.inc?raw';
import vmmLibVpitInc from '../guest/vmm/lib/vpit.inc?raw';
import vmmLibVuartInc from '../guest/vmm/lib/vuart.inc?raw';
import vmmVtxCrInc from '../guest/vmm/vtx/cr.inc?raw';
import vmmVtxExitsInc from '../guest/vmm/vtx/exits.inc?raw';
import vmmVtxInjectInc from '../guest/vmm/vtx/inject.inc?raw';
import vmmVtxInstructionsInc from '../guest/vmm/vtx/instructions.inc?raw';
import vmmVtxIoInc from '../guest/vmm/vtx/io.inc?raw';
import vmmVtxNestedInc from '../guest/vmm/vtx/nested.inc?raw';
import vmmVtxStateInc from '../guest/vmm/vtx/state.inc?raw';
import vmmVtxVtxAsm from '../guest/vmm/vtx/vtx.asm?raw';

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
  'vmm/lib/boot.inc': vmmLibBootInc,
  'vmm/lib/console.inc': vmmLibConsoleInc,
  'vmm/lib/cpu.inc': vmmLibCpuInc,
  'vmm/lib/debug.inc': vmmLibDebugInc,
  'vmm/lib/interrupts.inc': vmmLibInterruptsInc,
  'vmm/lib/io.inc': vmmLibIoInc,
  'vmm/lib/loader.inc': vmmLibLoaderInc,
  'vmm/lib/pages.inc': vmmLibPagesInc,
  'vmm/lib/schedule.inc': vmmLibScheduleInc,
  'vmm/lib/shadow.inc': vmmLibShadowInc,
  'vmm/lib/vm.inc': vmmLibVmInc,
  'vmm/lib/vmcs.inc': vmmLibVmcsInc,
  'vmm/lib/vmx.inc': vmmLibVmxInc,
  'vmm/lib/vpic.inc': vmmLibVpicInc,
  'vmm/lib/vpit.inc': vmmLibVpitInc,
  'vmm/lib/vuart.inc': vmmLibVuartInc,
  'vmm/vtx/cr.inc': vmmVtxCrInc,
  'vmm/vtx/exits.inc': vmmVtxExitsInc,
  'vmm/vtx/inject.inc': vmmVtxInjectInc,
  'vmm/vtx/instructions.inc': vmmVtxInstructionsInc,
  'vmm/vtx/io.inc': vmmVtxIoInc,
  'vmm/vtx/nested.inc': vmmVtxNestedInc,
  'vmm/vtx/state.inc': vmmVtxStateInc,
  'vmm/vtx/vtx.asm': vmmVtxVtxAsm,
};
