import { describe, expect, test } from 'vitest';
import { findLesson } from '../../src/lessons/catalog.ts';
import type { Setup } from '../../src/session/views.ts';
import { frameLink, isOwn } from '../../src/web/store/frame-link.ts';
import type { Frame } from '../../src/web/store/store.ts';
import { arrival, changedMachine, isOfLesson, machineOf } from '../../src/web/store/target.ts';
import { PLAIN } from '../support/stage/client.ts';

const frame = (more: Partial<Frame> = {}): Frame => ({
  view: { n: 7, paging: null } as Frame['view'],
  running: false,
  scenario: 'first-exit',
  source: null,
  vmm: 'vtx',
  vms: 1,
  chosenVms: null,
  setup: PLAIN,
  ...more,
});

describe('the machine of a frame', () => {
  test('changes of a scenario go beside it', () => {
    expect(changedMachine(frame(), 'first-exit/first-exit.asm', { 'first-exit/guest.inc': 'x' })).toEqual({
      ...machineOf(frame()),
      edits: [],
      changes: { 'first-exit/guest.inc': 'x' },
    });
  });

  test('a changed machine is typed at as it was, and says so', () => {
    const typed = frame({ setup: { ...PLAIN, inputs: [[3, 0, 'x']] } });
    const changed = changedMachine(typed, 'first-exit/first-exit.asm', {});
    expect(changed.inputs).toEqual([[3, 0, 'x']]);
    expect(arrival(changed, 0, 0)).toBe('What was typed before is typed again, at the same steps.');
    expect(arrival(changedMachine(frame(), 'first-exit/first-exit.asm', {}), 0, 0)).toBe('');
    expect(arrival({ ...machineOf(typed), inputs: [[3, 0, 'x']] }, 0, 0)).toBe('');
  });

  test('what a link brought is its own until the reader has a part in it', () => {
    const brought: Setup = { ...PLAIN, edits: [{ path: 'a.inc', of: '00000000', hunks: [[1, 0, 'nop']] }], inputs: [[3, 0, 'x']] };
    const linked = { edits: brought.edits, inputs: brought.inputs, by: 'link' as const };
    expect(isOwn({ frame: frame({ setup: brought }), linked })).toBe(false);
    expect(isOwn({ frame: frame({ setup: { ...brought, inputs: [[3, 0, 'xy']] } }), linked })).toBe(true);
    expect(isOwn({ frame: frame({ setup: brought }), linked: { ...linked, by: 'here' } })).toBe(true);
    expect(isOwn({ frame: frame({ setup: brought }), linked: null })).toBe(true);
  });

  test('a changed program of the reader’s is that program, and a link carries it', () => {
    const own = frame({ source: 'hlt', scenario: 'program', vmm: 'none' });
    const changed = changedMachine(own, 'program.asm', { 'program.asm': 'cli' });
    expect(changed).toMatchObject({ source: 'cli', changes: {} });
    expect(changed.scenario).toBeUndefined();
  });

  test('a lesson speaks of its own machine only, and of no changed one', () => {
    const lesson = findLesson('first-exit')!;
    expect(isOfLesson(frame(), lesson)).toBe(true);
    expect(isOfLesson(frame({ setup: { ...PLAIN, edits: [{ path: 'a', of: '', hunks: [] }] } }), lesson)).toBe(false);
    expect(isOfLesson(frame({ chosenVms: 2 }), lesson)).toBe(false);
    expect(isOfLesson(frame({ vmm: 'svm' }), lesson)).toBe(false);
    expect(isOfLesson(frame({ source: 'hlt' }), lesson)).toBe(false);
  });

  test('its link has everything that makes it this one', () => {
    const setup: Setup = {
      cpu: 'haswell',
      costs: null,
      edits: [{ path: 'a.inc', of: '00000000', hunks: [[1, 0, 'nop']] }],
      inputs: [[3, 0, 'x']],
    };
    expect(frameLink(frame({ setup }))).toMatchObject({ ...setup, step: 7 });
  });
});
