/** Exercises that leave lines out of a source of src/guest: the text, and that source. */
import firstExitMonitorSource from '../guest/first-exit/monitor.inc?raw';
import launchExitsSource from '../guest/minim/modules/launch/exits.inc?raw';
import minimParaConsoleSource from '../guest/minim/para/console.inc?raw';
import libScheduleSource from '../guest/vmm/lib/schedule.inc?raw';
import libVmxSource from '../guest/vmm/lib/vmx.inc?raw';
import libVuartSource from '../guest/vmm/lib/vuart.inc?raw';
import svmExitsSource from '../guest/vmm/svm/exits.inc?raw';
import vtxCrSource from '../guest/vmm/vtx/cr.inc?raw';
import vtxExitsSource from '../guest/vmm/vtx/exits.inc?raw';
import vtxInjectSource from '../guest/vmm/vtx/inject.inc?raw';
import vtxInnerExitSource from '../guest/vmm/vtx/inner-exit.inc?raw';
import vtxIoSource from '../guest/vmm/vtx/io.inc?raw';
import vtxNestedSource from '../guest/vmm/vtx/nested.inc?raw';
import vtxStateSource from '../guest/vmm/vtx/state.inc?raw';
import answerAPort from './exercises/answer-a-port.md?raw';
import askToPrint from './exercises/ask-to-print.md?raw';
import cr3Targets from './exercises/cr3-targets.md?raw';
import deliverATick from './exercises/deliver-a-tick.md?raw';
import fillEpt from './exercises/fill-ept.md?raw';
import forWhom from './exercises/for-whom.md?raw';
import hideTheTime from './exercises/hide-the-time.md?raw';
import loadCr3 from './exercises/load-cr3.md?raw';
import ownConsole from './exercises/own-console.md?raw';
import svmExit from './exercises/svm-exit.md?raw';
import takeItBack from './exercises/take-it-back.md?raw';
import vmxOn from './exercises/vmx-on.md?raw';
import whichExits from './exercises/which-exits.md?raw';
import whoIsNext from './exercises/who-is-next.md?raw';

export const MISSING_LINES: readonly (readonly [id: string, text: string, source: string])[] = [
  ['ask-to-print', askToPrint, minimParaConsoleSource],
  ['vmx-on', vmxOn, libVmxSource],
  ['which-exits', whichExits, vtxStateSource],
  ['load-cr3', loadCr3, vtxCrSource],
  ['fill-ept', fillEpt, vtxNestedSource],
  ['answer-a-port', answerAPort, vtxIoSource],
  ['deliver-a-tick', deliverATick, vtxInjectSource],
  ['who-is-next', whoIsNext, libScheduleSource],
  ['take-it-back', takeItBack, vtxExitsSource],
  ['svm-exit', svmExit, svmExitsSource],
  ['cr3-targets', cr3Targets, firstExitMonitorSource],
  ['for-whom', forWhom, vtxInnerExitSource],
  ['hide-the-time', hideTheTime, launchExitsSource],
  ['own-console', ownConsole, libVuartSource],
];
