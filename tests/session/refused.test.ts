import { describe, expect, test } from 'vitest';
import { SourceErrors } from '../../src/session/guests.ts';
import { Refused } from '../../src/session/refused.ts';
import { type OpenOptions, Session } from '../../src/session/session.ts';

const open = (options: OpenOptions) => () => Session.open(options);

describe('what cannot be opened', () => {
  test.each<[string, OpenOptions, RegExp]>([
    ['a scenario that is not there', { scenario: 'no-such' }, /There is no scenario “no-such”/],
    ['a scenario under a monitor it has no use for', { scenario: 'triple-fault', vmm: 'vtx' }, /“A triple fault” does not run under “vtx”/],
    ['no virtual machine', { scenario: 'two-kernels', vms: 0 }, /0 virtual machines: there can be 1 to 4/],
    ['five virtual machines', { scenario: 'two-kernels', vms: 5 }, /5 virtual machines: there can be 1 to 4/],
    ['half a virtual machine', { scenario: 'two-kernels', vms: 1.5 }, /1.5 virtual machines/],
    [
      'two of a scenario that brings its own monitor and guest',
      { scenario: 'first-exit', vms: 2 },
      /“One VM exit, whole” has 1 virtual machine/,
    ],
  ])('%s', (_, options, message) => {
    expect(open(options)).toThrow(Refused);
    expect(open(options)).toThrow(message);
  });
});

describe('a source that does not assemble', () => {
  const errors = (source: string) => {
    try {
      Session.open({ source });
    } catch (error) {
      if (error instanceof SourceErrors) return error.errors;
      throw error;
    }
    return [];
  };

  test('says where and what', () => {
    const [error, ...others] = errors('bits 32\n        mov eax, nowhere\n');
    expect(others).toEqual([]);
    expect(error).toMatchObject({ file: 'program.asm', line: 2, column: 18 });
    expect(error.message).toMatch(/nowhere/);
    expect(error.hint).not.toBe('');
  });

  test('every error, not the first alone', () => {
    expect(errors('mov eax, one\nmov eax, two\nmoov eax, 3\n').map(({ line }) => line)).toEqual([1, 2, 3]);
  });

  test('an error in an included file names that file', () => {
    expect(errors('%include "vmm/lib/nothing.inc"\n')[0]).toMatchObject({ file: 'program.asm', line: 1 });
  });
});

describe('a source of one’s own', () => {
  test('may include the sources of this repository, and says its own lines', () => {
    const session = Session.open({ source: 'bits 32\norg 100000h\n%include "vmm/lib/cpu.inc"\nmov eax, CR4_PSE ; big pages\nhlt\n' });
    expect(session.view().stream.current).toMatchObject({ operands: 'eax, 10h', comment: 'big pages', source: 'program.asm:4' });
  });

  test('below 64 KiB it starts as a boot sector', () => {
    const session = Session.open({ source: 'org 7C00h\nmov ax, 1234h\nhlt\n' });
    expect(session.view().stream.current).toMatchObject({ address: 0x7c00, operands: 'ax, 1234h' });
  });
});
