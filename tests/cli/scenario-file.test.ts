import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { grade } from '../../src/cli/grade.ts';
import { lesson } from '../../src/cli/lesson.ts';
import { run } from '../../src/cli/run/run.ts';
import { readScenarioFile, writeScenarioFile } from '../../src/lessons/scenario-file.ts';
import { SCENARIO_SCHEMA } from '../../src/lessons/scenario-schema.ts';
import { speak } from '../../src/lib/say.ts';
import { LANGUAGES, type Language } from '../../src/messages/languages.ts';
import { messagesIn } from '../../src/messages/load.ts';
import { Session } from '../../src/session/session.ts';
import { world } from './support/world.ts';

const fromDocs = (page: string, begin: RegExp): string => {
  const text = readFileSync(new URL(`../../docs/${page}`, import.meta.url), 'utf8');
  const lines = text.slice(text.search(begin)).split('\n');
  const end = lines.findIndex((line) => line !== '' && !line.startsWith('    '));
  return `${lines
    .slice(0, end)
    .map((line) => line.slice(4))
    .join('\n')
    .trim()}\n`;
};

const FILE = fromDocs('scenario-files.md', /^ {4}\{$/m);
const LESSON = fromDocs('lessons.md', /^ {4}---\n {4}title: Who may halt/m);

function io(files: Record<string, string>) {
  const made = world(files);
  const said = {
    get out() {
      return made.stdout;
    },
    get err() {
      return made.stderr;
    },
  };
  return { said, world: made.io };
}

describe('the scenario file of docs/scenario-files.md', () => {
  const files = { 'a.scenario.json': FILE };

  test('runs, holds what it says, and grades', async () => {
    const { said, world } = io({
      ...files,
      'good.asm': " org 0x7c00\n mov al,'H'\n mov dx,0x3f8\n out dx,al\n cli\n hlt\n",
      'bad.asm': ' cli\n hlt\n',
    });
    expect(await run(['a.scenario.json'], world)).toBe(0);
    expect(said.out).toBe('H');
    expect(lesson(['check', 'a.scenario.json'], world)).toBe(0);
    expect(grade(['a.scenario.json', 'good.asm'], world)).toBe(0);
    expect(grade(['a.scenario.json', 'bad.asm'], world)).toBe(1);
    expect(said.out).toContain('failed  It prints H');
  });

  test('does not go with options that it has no room for', async () => {
    const { said, world } = io(files);
    expect(await run(['a.scenario.json', '--memory', '8M'], world)).toBe(2);
    expect(said.err).toContain('--memory does not go with a scenario file');
  });

  test.each([
    ['"start": { "step": 2 }', '"start": { "stp": 2 }', 'line 10: start.stp: there is no “stp” here: there are step, exit, place'],
    ['"lang": "en",', '"lang": "en"', 'line 6: expected a comma or }; found “"summary": "”'],
    ['"title": "One letter",', '', 'line 1: “title” is missing: What it is called'],
    ['"controls": "step"', '"controls": "all"', 'controls: expected one of "none", "step", "basic", "full", found "all"'],
    ['"program":', '"scenario": "rings", "program":', 'expected only one of “scenario”, “program”'],
    ['"at": "2 after start"', '"at": "somewhere"', 'line 16: expected start, or such as'],
    ['"end: halted"', '"ending: halted"', 'line 23: expected one of ring'],
    ['"steps": 1000', '"steps": 0.5', 'budget.steps: expected a whole number from 1 on, found 0.5'],
    ['"id"', '"title": "x", "id"', '“title” stands here twice'],
    ['"budget"', '"budget": }, "x"', 'expected a value'],
  ])('with %s as %s says its place, what is expected, and what is there', (right, wrong, message) => {
    expect(FILE).toContain(right);
    const { said, world } = io({ 'a.json': FILE.replace(right, () => wrong) });
    expect(lesson(['check', 'a.json'], world)).toBe(2);
    expect(said.err).toContain('a.json, line ');
    expect(said.err).toContain(message);
  });

  test.each([
    ['{ "step": 2000 }', 'start: there is no step 2000: the run ends at '],
    ['{ "exit": 1 }', 'start: there is no exit 1 in '],
    ['{ "place": "after exit cr-write 2" }', 'start: there is no exit cr-write number 2 in '],
  ])('a start at %s, where the run has none', (start, message) => {
    const { said, world } = io({ 'a.json': FILE.replace('{ "step": 2 }', start) });
    expect(lesson(['check', 'a.json'], world)).toBe(1);
    expect(said.out).toContain(message);
  });

  test('a claim that does not hold is told with what was found', () => {
    const { said, world } = io({ 'a.json': FILE.replace('000003F8', '000002F8') });
    expect(lesson(['check', 'a.json'], world)).toBe(1);
    expect(said.out).toContain('“Before the letter”: line 18: register: expected EDX = 000002F8, found EDX = 000003F8');
  });
});

test('the schema beside the page is the one that files are held against', () => {
  const written = readFileSync(new URL('../../public/schema/scenario.v1.json', import.meta.url), 'utf8');
  expect(JSON.parse(written)).toEqual(SCENARIO_SCHEMA);
});

test('a machine, written and read again, is the same at the same step', () => {
  const one = Session.open({ scenario: 'first-exit', costs: 'haswell-2013' });
  one.seek(300);
  const { setup, scenario, vmm, paging, n } = one;
  const text = writeScenarioFile(
    { ...setup, scenario: scenario.id, source: null, vmm, paging: paging === 'nested' ? paging : null, vms: null, step: n },
    { title: '"<b>' },
  );
  const { machine, start, lesson: none } = readScenarioFile('x.json', text);
  const other = Session.open(machine);
  other.seek(start.step!);
  expect(other.machine.hash()).toBe(one.machine.hash());
  expect(other.setup).toEqual(setup);
  expect(none).toBeNull();
});

describe('the lesson of docs/lessons.md', () => {
  test.each(Object.keys(LANGUAGES) as Language[])('holds, also where the machine speaks %s: its claims are English', async (language) => {
    const { said, world } = io({ 'my-lesson.md': LESSON.replace('end: halted', 'end: halted\nsentence: nothing will wake the processor') });
    speak(await messagesIn(language));
    try {
      expect(lesson(['check', 'my-lesson.md'], world)).toBe(0);
    } finally {
      speak(null);
    }
    expect(said.out).toBe('holds   my-lesson.md: Who may halt?, 2 pages\n');
  });

  test.each([
    ['00000007', '00000008', 1, 'expected EAX = 00000008, found EAX = 00000007'],
    ['after halted', 'after shutdown', 1, 'there is no shutdown number 1'],
    ['vmm: none', 'vmm: kvm', 2, 'my-lesson.md, line 6: expected one of none, peer'],
    ['*anything*', '<script>alert(1)</script>', 2, 'line 11: text is emphasis, strong, code and links; found html'],
    ['mov ax, 7', 'moov ax, 7', 1, 'program.asm:2'],
    ['vmm: none', 'scenario: rings', 2, 'a lesson with a program of its own has no scenario'],
  ])('with %s as %s does not', (right, wrong, status, message) => {
    expect(LESSON).toContain(right);
    const { said, world } = io({ 'my-lesson.md': LESSON.replace(right, wrong) });
    expect(lesson(['check', 'my-lesson.md'], world)).toBe(status);
    expect(said.out + said.err).toContain(message);
  });
});
