/** What the reader is asked to write, each with its checks (docs/lessons.md). */
import allowPortSource from './exercises/allow-port.asm?raw';
import allowPort from './exercises/allow-port.md?raw';
import answerCpuidSource from './exercises/answer-cpuid.asm?raw';
import answerCpuid from './exercises/answer-cpuid.md?raw';
import callGateSource from './exercises/call-gate.asm?raw';
import callGate from './exercises/call-gate.md?raw';
import chainUnitsSource from './exercises/chain-units.asm?raw';
import chainUnits from './exercises/chain-units.md?raw';
import countTicksSource from './exercises/count-ticks.asm?raw';
import countTicks from './exercises/count-ticks.md?raw';
import criticalSectionSource from './exercises/critical-section.asm?raw';
import criticalSection from './exercises/critical-section.md?raw';
import endProgramSource from './exercises/end-program.asm?raw';
import endProgram from './exercises/end-program.md?raw';
import fastDoorSource from './exercises/fast-door.asm?raw';
import fastDoor from './exercises/fast-door.md?raw';
import fillShadowSource from './exercises/fill-shadow.asm?raw';
import fillShadow from './exercises/fill-shadow.md?raw';
import judgeSource from './exercises/judge.asm?raw';
import judge from './exercises/judge.md?raw';
import pretendSource from './exercises/pretend.asm?raw';
import pretend from './exercises/pretend.md?raw';
import promisedPageSource from './exercises/promised-page.asm?raw';
import promisedPage from './exercises/promised-page.md?raw';
import rewritePopfSource from './exercises/rewrite-popf.asm?raw';
import rewritePopf from './exercises/rewrite-popf.md?raw';
import systemCallSource from './exercises/system-call.asm?raw';
import systemCall from './exercises/system-call.md?raw';
import takeClockSource from './exercises/take-clock.asm?raw';
import takeClock from './exercises/take-clock.md?raw';
import type { Exercise } from './lesson.ts';
import { MISSING_LINES } from './missing-lines.ts';
import { parseExercise } from './parse.ts';

const TEXTS: readonly (readonly [id: string, text: string, source: string])[] = [
  ['end-program', endProgram, endProgramSource],
  ['system-call', systemCall, systemCallSource],
  ['fast-door', fastDoor, fastDoorSource],
  ['count-ticks', countTicks, countTicksSource],
  ['promised-page', promisedPage, promisedPageSource],
  ['allow-port', allowPort, allowPortSource],
  ['call-gate', callGate, callGateSource],
  ['take-clock', takeClock, takeClockSource],
  ['pretend', pretend, pretendSource],
  ['critical-section', criticalSection, criticalSectionSource],
  ['judge', judge, judgeSource],
  ['fill-shadow', fillShadow, fillShadowSource],
  ['rewrite-popf', rewritePopf, rewritePopfSource],
  ['chain-units', chainUnits, chainUnitsSource],
  ['answer-cpuid', answerCpuid, answerCpuidSource],
  ...MISSING_LINES,
];

let parsed: readonly Exercise[] | undefined;

export function exercises(): readonly Exercise[] {
  parsed ??= TEXTS.map(([id, text, source]) => parseExercise(id, text, source));
  return parsed;
}

export function findExercise(id: string): Exercise | undefined {
  return exercises().find((exercise) => exercise.id === id);
}
