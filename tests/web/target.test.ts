import { describe, expect, test } from 'vitest';
import { findLesson } from '../../src/lessons/catalog.ts';
import { frameLink } from '../../src/web/store/frame-link.ts';
import type { Frame } from '../../src/web/store/store.ts';
import { changedMachine, isOfLesson, machineOf } from '../../src/web/store/target.ts';

const frame = (more: Partial<Frame> = {}): Frame => ({
  view: { n: 7, paging: null } as Frame['view'],
  running: false,
  scenario: 'first-exit',
  source: null,
  vmm: 'vtx',
  vms: 1,
  chosenVms: null,
  ...more,
});

describe('the machine of a frame', () => {
  test('changes of a scenario go beside it', () => {
    expect(changedMachine(frame(), 'first-exit/first-exit.asm', { 'first-exit/guest.inc': 'x' })).toEqual({
      ...machineOf(frame()),
      changes: { 'first-exit/guest.inc': 'x' },
    });
  });

  test('a changed program of the reader’s is that program, and a link carries it', () => {
    const own = frame({ source: 'hlt', scenario: 'program', vmm: 'none' });
    const changed = changedMachine(own, 'program.asm', { 'program.asm': 'cli' });
    expect(changed).toMatchObject({ source: 'cli', changes: {} });
    expect(changed.scenario).toBeUndefined();
  });

  test('a lesson speaks of its own machine only, and of no changed one', () => {
    const lesson = findLesson('first-exit')!;
    expect(isOfLesson(frame(), false, lesson)).toBe(true);
    expect(isOfLesson(frame(), true, lesson)).toBe(false);
    expect(isOfLesson(frame({ chosenVms: 2 }), false, lesson)).toBe(false);
    expect(isOfLesson(frame({ vmm: 'svm' }), false, lesson)).toBe(false);
    expect(isOfLesson(frame({ source: 'hlt' }), false, lesson)).toBe(false);
  });

  test('the link of a changed machine names no step', () => {
    expect(frameLink(frame()).step).toBe(7);
    expect(frameLink(frame(), true).step).toBeNull();
  });
});
