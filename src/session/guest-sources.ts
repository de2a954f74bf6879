/** Every assembly source in src/guest, by its path there. Written by `node scripts/guest-sources.mjs`. */
import benchNanoAsm from '../guest/bench/nano.asm?raw';
import demoAttacksInc from '../guest/demo/attacks.inc?raw';
import demoBenchInc from '../guest/demo/bench.inc?raw';
import demoBenchCallsAsm from '../guest/demo/bench-calls.asm?raw';
import demoBenchComputeAsm from '../guest/demo/bench-compute.asm?raw';
import demoBenchMemoryAsm from '../guest/demo/bench-memory.asm?raw';
import demoHostileAsm from '../guest/demo/hostile.asm?raw';
import demoHostileAttacksAsm from '../guest/demo/hostile-attacks.asm?raw';
import demoKernelInc from '../guest/demo/kernel.inc?raw';
import demoMultibootInc from '../guest/demo/multiboot.inc?raw';
import demoParaHostileAsm from '../guest/demo/para/hostile.asm?raw';
import demoParaHostileAttacksAsm from '../guest/demo/para/hostile-attacks.asm?raw';
import demoPortsAsm from '../guest/demo/ports.asm?raw';
import demoPrivilegedAsm from '../guest/demo/privileged.asm?raw';
import demoRedPillAsm from '../guest/demo/red-pill.asm?raw';
import demoRing1Inc from '../guest/demo/ring-1.inc?raw';
import demoRing3Inc from '../guest/demo/ring-3.inc?raw';
import demoRingsAsm from '../guest/demo/rings.asm?raw';
import demoSensitiveAsm from '../guest/demo/sensitive.asm?raw';
import demoTranslatorInc from '../guest/demo/translator.inc?raw';
import demoTripleFaultAsm from '../guest/demo/triple-fault.asm?raw';
import duetBootInc from '../guest/duet/boot.inc?raw';
import duetCallsInc from '../guest/duet/calls.inc?raw';
import duetClockInc from '../guest/duet/clock.inc?raw';
import duetConsoleInc from '../guest/duet/console.inc?raw';
import duetCountInc from '../guest/duet/count.inc?raw';
import duetDescriptorsInc from '../guest/duet/descriptors.inc?raw';
import duetDuetAsm from '../guest/duet/duet.asm?raw';
import duetHelloInc from '../guest/duet/hello.inc?raw';
import duetMainInc from '../guest/duet/main.inc?raw';
import duetMemoryInc from '../guest/duet/memory.inc?raw';
import duetSystemCallsInc from '../guest/duet/system-calls.inc?raw';
import duetTaskInc from '../guest/duet/task.inc?raw';
import duetTrapInc from '../guest/duet/trap.inc?raw';
import firstExitFirstExitAsm from '../guest/first-exit/first-exit.asm?raw';
import firstExitGuestInc from '../guest/first-exit/guest.inc?raw';
import firstExitMonitorInc from '../guest/first-exit/monitor.inc?raw';
import firstExitRefusedAsm from '../guest/first-exit/refused.asm?raw';
import minimBootInc from '../guest/minim/boot.inc?raw';
import minimCallsInc from '../guest/minim/calls.inc?raw';
import minimClockInc from '../guest/minim/clock.inc?raw';
import minimConsoleInc from '../guest/minim/console.inc?raw';
import minimDescriptorsInc from '../guest/minim/descriptors.inc?raw';
import minimDiskInc from '../guest/minim/disk.inc?raw';
import minimFilesInc from '../guest/minim/files.inc?raw';
import minimInsmodInc from '../guest/minim/insmod.inc?raw';
import minimMainInc from '../guest/minim/main.inc?raw';
import minimMinimAsm from '../guest/minim/minim.asm?raw';
import minimModuleInc from '../guest/minim/module.inc?raw';
import minimModulesGreetAsm from '../guest/minim/modules/greet.asm?raw';
import minimModulesLaunchBeginInc from '../guest/minim/modules/launch/begin.inc?raw';
import minimModulesLaunchExitsInc from '../guest/minim/modules/launch/exits.inc?raw';
import minimModulesLaunchGoneInc from '../guest/minim/modules/launch/gone.inc?raw';
import minimModulesLaunchHideInc from '../guest/minim/modules/launch/hide.inc?raw';
import minimModulesLaunchLeaveInc from '../guest/minim/modules/launch/leave.inc?raw';
import minimModulesLaunchStateInc from '../guest/minim/modules/launch/state.inc?raw';
import minimModulesLaunchAsm from '../guest/minim/modules/launch.asm?raw';
import minimPagesInc from '../guest/minim/pages.inc?raw';
import minimParaBootInc from '../guest/minim/para/boot.inc?raw';
import minimParaClockInc from '../guest/minim/para/clock.inc?raw';
import minimParaConsoleInc from '../guest/minim/para/console.inc?raw';
import minimParaDescriptorsInc from '../guest/minim/para/descriptors.inc?raw';
import minimParaDiskInc from '../guest/minim/para/disk.inc?raw';
import minimParaMainInc from '../guest/minim/para/main.inc?raw';
import minimParaMinimAsm from '../guest/minim/para/minim.asm?raw';
import minimParaProcessInc from '../guest/minim/para/process.inc?raw';
import minimParaSpaceInc from '../guest/minim/para/space.inc?raw';
import minimParaSystemCallsInc from '../guest/minim/para/system-calls.inc?raw';
import minimParaTablesInc from '../guest/minim/para/tables.inc?raw';
import minimParaTaskInc from '../guest/minim/para/task.inc?raw';
import minimParaTrapInc from '../guest/minim/para/trap.inc?raw';
import minimProcessInc from '../guest/minim/process.inc?raw';
import minimProgramsBeginInc from '../guest/minim/programs/begin.inc?raw';
import minimProgramsCallsAsm from '../guest/minim/programs/calls.asm?raw';
import minimProgramsCatAsm from '../guest/minim/programs/cat.asm?raw';
import minimProgramsClockAsm from '../guest/minim/programs/clock.asm?raw';
import minimProgramsCountAsm from '../guest/minim/programs/count.asm?raw';
import minimProgramsCrashAsm from '../guest/minim/programs/crash.asm?raw';
import minimProgramsForksAsm from '../guest/minim/programs/forks.asm?raw';
import minimProgramsHelloAsm from '../guest/minim/programs/hello.asm?raw';
import minimProgramsHogAsm from '../guest/minim/programs/hog.asm?raw';
import minimProgramsLibInc from '../guest/minim/programs/lib.inc?raw';
import minimProgramsLsAsm from '../guest/minim/programs/ls.asm?raw';
import minimProgramsPillAsm from '../guest/minim/programs/pill.asm?raw';
import minimProgramsShellAsm from '../guest/minim/programs/shell.asm?raw';
import minimProgramsTablesAsm from '../guest/minim/programs/tables.asm?raw';
import minimProgramsWriteAsm from '../guest/minim/programs/write.asm?raw';
import minimSpaceInc from '../guest/minim/space.inc?raw';
import minimSystemCallsInc from '../guest/minim/system-calls.inc?raw';
import minimTaskInc from '../guest/minim/task.inc?raw';
import minimTrapInc from '../guest/minim/trap.inc?raw';
import vmmLibBoardInc from '../guest/vmm/lib/board.inc?raw';
import vmmLibBootInc from '../guest/vmm/lib/boot.inc?raw';
import vmmLibConsoleInc from '../guest/vmm/lib/console.inc?raw';
import vmmLibCpuInc from '../guest/vmm/lib/cpu.inc?raw';
import vmmLibCpuidInc from '../guest/vmm/lib/cpuid.inc?raw';
import vmmLibDebugInc from '../guest/vmm/lib/debug.inc?raw';
import vmmLibFrameInc from '../guest/vmm/lib/frame.inc?raw';
import vmmLibHighInc from '../guest/vmm/lib/high.inc?raw';
import vmmLibInterruptsInc from '../guest/vmm/lib/interrupts.inc?raw';
import vmmLibIoInc from '../guest/vmm/lib/io.inc?raw';
import vmmLibLoaderInc from '../guest/vmm/lib/loader.inc?raw';
import vmmLibPagesInc from '../guest/vmm/lib/pages.inc?raw';
import vmmLibScheduleInc from '../guest/vmm/lib/schedule.inc?raw';
import vmmLibShadowInc from '../guest/vmm/lib/shadow.inc?raw';
import vmmLibStringInc from '../guest/vmm/lib/string.inc?raw';
import vmmLibSvmInc from '../guest/vmm/lib/svm.inc?raw';
import vmmLibTracedInc from '../guest/vmm/lib/traced.inc?raw';
import vmmLibTracingInc from '../guest/vmm/lib/tracing.inc?raw';
import vmmLibVataInc from '../guest/vmm/lib/vata.inc?raw';
import vmmLibVmInc from '../guest/vmm/lib/vm.inc?raw';
import vmmLibVmcbInc from '../guest/vmm/lib/vmcb.inc?raw';
import vmmLibVmcsInc from '../guest/vmm/lib/vmcs.inc?raw';
import vmmLibVmxInc from '../guest/vmm/lib/vmx.inc?raw';
import vmmLibVpicInc from '../guest/vmm/lib/vpic.inc?raw';
import vmmLibVpitInc from '../guest/vmm/lib/vpit.inc?raw';
import vmmLibVresetInc from '../guest/vmm/lib/vreset.inc?raw';
import vmmLibVuartInc from '../guest/vmm/lib/vuart.inc?raw';
import vmmLibWalkInc from '../guest/vmm/lib/walk.inc?raw';
import vmmLibWatchedInc from '../guest/vmm/lib/watched.inc?raw';
import vmmParaBootInc from '../guest/vmm/para/boot.inc?raw';
import vmmParaCallsInc from '../guest/vmm/para/calls.inc?raw';
import vmmParaCopyInc from '../guest/vmm/para/copy.inc?raw';
import vmmParaDevicesInc from '../guest/vmm/para/devices.inc?raw';
import vmmParaFramesInc from '../guest/vmm/para/frames.inc?raw';
import vmmParaInterfaceInc from '../guest/vmm/para/interface.inc?raw';
import vmmParaMmuInc from '../guest/vmm/para/mmu.inc?raw';
import vmmParaParaAsm from '../guest/vmm/para/para.asm?raw';
import vmmParaTrapsInc from '../guest/vmm/para/traps.inc?raw';
import vmmParaVmInc from '../guest/vmm/para/vm.inc?raw';
import vmmPeerPeerAsm from '../guest/vmm/peer/peer.asm?raw';
import vmmSoftBootInc from '../guest/vmm/soft/boot.inc?raw';
import vmmSoftDeliverInc from '../guest/vmm/soft/deliver.inc?raw';
import vmmSoftEmulateInc from '../guest/vmm/soft/emulate.inc?raw';
import vmmSoftFlowInc from '../guest/vmm/soft/flow.inc?raw';
import vmmSoftMemoryInc from '../guest/vmm/soft/memory.inc?raw';
import vmmSoftOpcodesInc from '../guest/vmm/soft/opcodes.inc?raw';
import vmmSoftOperandsInc from '../guest/vmm/soft/operands.inc?raw';
import vmmSoftSegmentsInc from '../guest/vmm/soft/segments.inc?raw';
import vmmSoftShadowInc from '../guest/vmm/soft/shadow.inc?raw';
import vmmSoftSystemInc from '../guest/vmm/soft/system.inc?raw';
import vmmSoftTrapsInc from '../guest/vmm/soft/traps.inc?raw';
import vmmSoftVmInc from '../guest/vmm/soft/vm.inc?raw';
import vmmSvmCodeInc from '../guest/vmm/svm/code.inc?raw';
import vmmSvmCrInc from '../guest/vmm/svm/cr.inc?raw';
import vmmSvmExitsInc from '../guest/vmm/svm/exits.inc?raw';
import vmmSvmInjectInc from '../guest/vmm/svm/inject.inc?raw';
import vmmSvmInstructionsInc from '../guest/vmm/svm/instructions.inc?raw';
import vmmSvmIoInc from '../guest/vmm/svm/io.inc?raw';
import vmmSvmNestedInc from '../guest/vmm/svm/nested.inc?raw';
import vmmSvmStateInc from '../guest/vmm/svm/state.inc?raw';
import vmmSvmSvmAsm from '../guest/vmm/svm/svm.asm?raw';
import vmmSvmTracingInc from '../guest/vmm/svm/tracing.inc?raw';
import vmmTranslateCalloutsInc from '../guest/vmm/translate/callouts.inc?raw';
import vmmTranslateDecodeInc from '../guest/vmm/translate/decode.inc?raw';
import vmmTranslateTranslateAsm from '../guest/vmm/translate/translate.asm?raw';
import vmmTranslateTranslateInc from '../guest/vmm/translate/translate.inc?raw';
import vmmTranslateUnitInc from '../guest/vmm/translate/unit.inc?raw';
import vmmTrapTrapAsm from '../guest/vmm/trap/trap.asm?raw';
import vmmVtxCrInc from '../guest/vmm/vtx/cr.inc?raw';
import vmmVtxExitsInc from '../guest/vmm/vtx/exits.inc?raw';
import vmmVtxInjectInc from '../guest/vmm/vtx/inject.inc?raw';
import vmmVtxInnerInc from '../guest/vmm/vtx/inner.inc?raw';
import vmmVtxInnerEnterInc from '../guest/vmm/vtx/inner-enter.inc?raw';
import vmmVtxInnerExitInc from '../guest/vmm/vtx/inner-exit.inc?raw';
import vmmVtxInnerFieldsInc from '../guest/vmm/vtx/inner-fields.inc?raw';
import vmmVtxInnerOperandInc from '../guest/vmm/vtx/inner-operand.inc?raw';
import vmmVtxInnerVmxInc from '../guest/vmm/vtx/inner-vmx.inc?raw';
import vmmVtxInstructionsInc from '../guest/vmm/vtx/instructions.inc?raw';
import vmmVtxIoInc from '../guest/vmm/vtx/io.inc?raw';
import vmmVtxNestedInc from '../guest/vmm/vtx/nested.inc?raw';
import vmmVtxStateInc from '../guest/vmm/vtx/state.inc?raw';
import vmmVtxTracingInc from '../guest/vmm/vtx/tracing.inc?raw';
import vmmVtxVtxAsm from '../guest/vmm/vtx/vtx.asm?raw';

export const GUEST_SOURCES: Readonly<Record<string, string>> = {
  'bench/nano.asm': benchNanoAsm,
  'demo/attacks.inc': demoAttacksInc,
  'demo/bench-calls.asm': demoBenchCallsAsm,
  'demo/bench-compute.asm': demoBenchComputeAsm,
  'demo/bench-memory.asm': demoBenchMemoryAsm,
  'demo/bench.inc': demoBenchInc,
  'demo/hostile-attacks.asm': demoHostileAttacksAsm,
  'demo/hostile.asm': demoHostileAsm,
  'demo/kernel.inc': demoKernelInc,
  'demo/multiboot.inc': demoMultibootInc,
  'demo/para/hostile-attacks.asm': demoParaHostileAttacksAsm,
  'demo/para/hostile.asm': demoParaHostileAsm,
  'demo/ports.asm': demoPortsAsm,
  'demo/privileged.asm': demoPrivilegedAsm,
  'demo/red-pill.asm': demoRedPillAsm,
  'demo/ring-1.inc': demoRing1Inc,
  'demo/ring-3.inc': demoRing3Inc,
  'demo/rings.asm': demoRingsAsm,
  'demo/sensitive.asm': demoSensitiveAsm,
  'demo/translator.inc': demoTranslatorInc,
  'demo/triple-fault.asm': demoTripleFaultAsm,
  'duet/boot.inc': duetBootInc,
  'duet/calls.inc': duetCallsInc,
  'duet/clock.inc': duetClockInc,
  'duet/console.inc': duetConsoleInc,
  'duet/count.inc': duetCountInc,
  'duet/descriptors.inc': duetDescriptorsInc,
  'duet/duet.asm': duetDuetAsm,
  'duet/hello.inc': duetHelloInc,
  'duet/main.inc': duetMainInc,
  'duet/memory.inc': duetMemoryInc,
  'duet/system-calls.inc': duetSystemCallsInc,
  'duet/task.inc': duetTaskInc,
  'duet/trap.inc': duetTrapInc,
  'first-exit/first-exit.asm': firstExitFirstExitAsm,
  'first-exit/guest.inc': firstExitGuestInc,
  'first-exit/monitor.inc': firstExitMonitorInc,
  'first-exit/refused.asm': firstExitRefusedAsm,
  'minim/boot.inc': minimBootInc,
  'minim/calls.inc': minimCallsInc,
  'minim/clock.inc': minimClockInc,
  'minim/console.inc': minimConsoleInc,
  'minim/descriptors.inc': minimDescriptorsInc,
  'minim/disk.inc': minimDiskInc,
  'minim/files.inc': minimFilesInc,
  'minim/insmod.inc': minimInsmodInc,
  'minim/main.inc': minimMainInc,
  'minim/minim.asm': minimMinimAsm,
  'minim/module.inc': minimModuleInc,
  'minim/modules/greet.asm': minimModulesGreetAsm,
  'minim/modules/launch/begin.inc': minimModulesLaunchBeginInc,
  'minim/modules/launch/exits.inc': minimModulesLaunchExitsInc,
  'minim/modules/launch/gone.inc': minimModulesLaunchGoneInc,
  'minim/modules/launch/hide.inc': minimModulesLaunchHideInc,
  'minim/modules/launch/leave.inc': minimModulesLaunchLeaveInc,
  'minim/modules/launch/state.inc': minimModulesLaunchStateInc,
  'minim/modules/launch.asm': minimModulesLaunchAsm,
  'minim/pages.inc': minimPagesInc,
  'minim/para/boot.inc': minimParaBootInc,
  'minim/para/clock.inc': minimParaClockInc,
  'minim/para/console.inc': minimParaConsoleInc,
  'minim/para/descriptors.inc': minimParaDescriptorsInc,
  'minim/para/disk.inc': minimParaDiskInc,
  'minim/para/main.inc': minimParaMainInc,
  'minim/para/minim.asm': minimParaMinimAsm,
  'minim/para/process.inc': minimParaProcessInc,
  'minim/para/space.inc': minimParaSpaceInc,
  'minim/para/system-calls.inc': minimParaSystemCallsInc,
  'minim/para/tables.inc': minimParaTablesInc,
  'minim/para/task.inc': minimParaTaskInc,
  'minim/para/trap.inc': minimParaTrapInc,
  'minim/process.inc': minimProcessInc,
  'minim/programs/begin.inc': minimProgramsBeginInc,
  'minim/programs/calls.asm': minimProgramsCallsAsm,
  'minim/programs/cat.asm': minimProgramsCatAsm,
  'minim/programs/clock.asm': minimProgramsClockAsm,
  'minim/programs/count.asm': minimProgramsCountAsm,
  'minim/programs/crash.asm': minimProgramsCrashAsm,
  'minim/programs/forks.asm': minimProgramsForksAsm,
  'minim/programs/hello.asm': minimProgramsHelloAsm,
  'minim/programs/hog.asm': minimProgramsHogAsm,
  'minim/programs/lib.inc': minimProgramsLibInc,
  'minim/programs/ls.asm': minimProgramsLsAsm,
  'minim/programs/pill.asm': minimProgramsPillAsm,
  'minim/programs/shell.asm': minimProgramsShellAsm,
  'minim/programs/tables.asm': minimProgramsTablesAsm,
  'minim/programs/write.asm': minimProgramsWriteAsm,
  'minim/space.inc': minimSpaceInc,
  'minim/system-calls.inc': minimSystemCallsInc,
  'minim/task.inc': minimTaskInc,
  'minim/trap.inc': minimTrapInc,
  'vmm/lib/board.inc': vmmLibBoardInc,
  'vmm/lib/boot.inc': vmmLibBootInc,
  'vmm/lib/console.inc': vmmLibConsoleInc,
  'vmm/lib/cpu.inc': vmmLibCpuInc,
  'vmm/lib/cpuid.inc': vmmLibCpuidInc,
  'vmm/lib/debug.inc': vmmLibDebugInc,
  'vmm/lib/frame.inc': vmmLibFrameInc,
  'vmm/lib/high.inc': vmmLibHighInc,
  'vmm/lib/interrupts.inc': vmmLibInterruptsInc,
  'vmm/lib/io.inc': vmmLibIoInc,
  'vmm/lib/loader.inc': vmmLibLoaderInc,
  'vmm/lib/pages.inc': vmmLibPagesInc,
  'vmm/lib/schedule.inc': vmmLibScheduleInc,
  'vmm/lib/shadow.inc': vmmLibShadowInc,
  'vmm/lib/string.inc': vmmLibStringInc,
  'vmm/lib/svm.inc': vmmLibSvmInc,
  'vmm/lib/traced.inc': vmmLibTracedInc,
  'vmm/lib/tracing.inc': vmmLibTracingInc,
  'vmm/lib/vata.inc': vmmLibVataInc,
  'vmm/lib/vm.inc': vmmLibVmInc,
  'vmm/lib/vmcb.inc': vmmLibVmcbInc,
  'vmm/lib/vmcs.inc': vmmLibVmcsInc,
  'vmm/lib/vmx.inc': vmmLibVmxInc,
  'vmm/lib/vpic.inc': vmmLibVpicInc,
  'vmm/lib/vpit.inc': vmmLibVpitInc,
  'vmm/lib/vreset.inc': vmmLibVresetInc,
  'vmm/lib/vuart.inc': vmmLibVuartInc,
  'vmm/lib/walk.inc': vmmLibWalkInc,
  'vmm/lib/watched.inc': vmmLibWatchedInc,
  'vmm/para/boot.inc': vmmParaBootInc,
  'vmm/para/calls.inc': vmmParaCallsInc,
  'vmm/para/copy.inc': vmmParaCopyInc,
  'vmm/para/devices.inc': vmmParaDevicesInc,
  'vmm/para/frames.inc': vmmParaFramesInc,
  'vmm/para/interface.inc': vmmParaInterfaceInc,
  'vmm/para/mmu.inc': vmmParaMmuInc,
  'vmm/para/para.asm': vmmParaParaAsm,
  'vmm/para/traps.inc': vmmParaTrapsInc,
  'vmm/para/vm.inc': vmmParaVmInc,
  'vmm/peer/peer.asm': vmmPeerPeerAsm,
  'vmm/soft/boot.inc': vmmSoftBootInc,
  'vmm/soft/deliver.inc': vmmSoftDeliverInc,
  'vmm/soft/emulate.inc': vmmSoftEmulateInc,
  'vmm/soft/flow.inc': vmmSoftFlowInc,
  'vmm/soft/memory.inc': vmmSoftMemoryInc,
  'vmm/soft/opcodes.inc': vmmSoftOpcodesInc,
  'vmm/soft/operands.inc': vmmSoftOperandsInc,
  'vmm/soft/segments.inc': vmmSoftSegmentsInc,
  'vmm/soft/shadow.inc': vmmSoftShadowInc,
  'vmm/soft/system.inc': vmmSoftSystemInc,
  'vmm/soft/traps.inc': vmmSoftTrapsInc,
  'vmm/soft/vm.inc': vmmSoftVmInc,
  'vmm/svm/code.inc': vmmSvmCodeInc,
  'vmm/svm/cr.inc': vmmSvmCrInc,
  'vmm/svm/exits.inc': vmmSvmExitsInc,
  'vmm/svm/inject.inc': vmmSvmInjectInc,
  'vmm/svm/instructions.inc': vmmSvmInstructionsInc,
  'vmm/svm/io.inc': vmmSvmIoInc,
  'vmm/svm/nested.inc': vmmSvmNestedInc,
  'vmm/svm/state.inc': vmmSvmStateInc,
  'vmm/svm/svm.asm': vmmSvmSvmAsm,
  'vmm/svm/tracing.inc': vmmSvmTracingInc,
  'vmm/translate/callouts.inc': vmmTranslateCalloutsInc,
  'vmm/translate/decode.inc': vmmTranslateDecodeInc,
  'vmm/translate/translate.asm': vmmTranslateTranslateAsm,
  'vmm/translate/translate.inc': vmmTranslateTranslateInc,
  'vmm/translate/unit.inc': vmmTranslateUnitInc,
  'vmm/trap/trap.asm': vmmTrapTrapAsm,
  'vmm/vtx/cr.inc': vmmVtxCrInc,
  'vmm/vtx/exits.inc': vmmVtxExitsInc,
  'vmm/vtx/inject.inc': vmmVtxInjectInc,
  'vmm/vtx/inner-enter.inc': vmmVtxInnerEnterInc,
  'vmm/vtx/inner-exit.inc': vmmVtxInnerExitInc,
  'vmm/vtx/inner-fields.inc': vmmVtxInnerFieldsInc,
  'vmm/vtx/inner-operand.inc': vmmVtxInnerOperandInc,
  'vmm/vtx/inner-vmx.inc': vmmVtxInnerVmxInc,
  'vmm/vtx/inner.inc': vmmVtxInnerInc,
  'vmm/vtx/instructions.inc': vmmVtxInstructionsInc,
  'vmm/vtx/io.inc': vmmVtxIoInc,
  'vmm/vtx/nested.inc': vmmVtxNestedInc,
  'vmm/vtx/state.inc': vmmVtxStateInc,
  'vmm/vtx/tracing.inc': vmmVtxTracingInc,
  'vmm/vtx/vtx.asm': vmmVtxVtxAsm,
};
