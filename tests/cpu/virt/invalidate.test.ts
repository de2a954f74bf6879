import { describe, expect, test } from 'vitest';
import { CF, ZF } from '../../../src/cpu/registers.ts';
import { at } from '../../../src/cpu/state.ts';
import { EVERYTHING, type Outcome, RootOperation } from './root-operation.ts';

const DESCRIPTOR = 0x150000;
const EPT_POINTER = 0x20001e;

function execute(key: 'invept' | 'invvpid', type: number, descriptor: readonly number[], vm = new RootOperation(EVERYTHING)): Outcome {
  vm.cpu.memory.dwords.set(descriptor, DESCRIPTOR >>> 2);
  vm.cpu.s[at.eax] = type;
  return vm.execute(key, (insn) => {
    insn.reg = at.eax;
    insn.mem = 1;
    insn.disp = DESCRIPTOR;
  });
}

const DONE = { kind: 'done' };
const FAILS = { kind: 'valid', number: 28 };

describe('INVEPT', () => {
  test.each([
    ['one EPT pointer', 1, [EPT_POINTER, 0, 0, 0], DONE],
    ['one that a VM entry would not take', 1, [EPT_POINTER | 1, 0, 0, 0], FAILS],
    ['all', 2, [0xffff, 0, 0, 0], DONE],
    ['a type that does not exist', 0, [EPT_POINTER, 0, 0, 0], FAILS],
    ['another', 3, [EPT_POINTER, 0, 0, 0], FAILS],
    ['another, above all', 0x40000001, [EPT_POINTER, 0, 0, 0], FAILS],
    ['reserved bits', 2, [0, 0, 0, 1], FAILS],
  ])('%s', (_, type, descriptor, outcome) => {
    expect(execute('invept', type, descriptor)).toMatchObject(outcome);
  });
});

describe('INVVPID', () => {
  test.each([
    ['one address', 0, [5, 0, 0x1000, 0], DONE],
    ['one VPID', 1, [5, 0, 0, 0], DONE],
    ['all', 2, [0, 0, 0, 0], DONE],
    ['one VPID but for global translations', 3, [5, 0, 0, 0], DONE],
    ['VPID 0', 1, [0, 0, 0, 0], FAILS],
    ['VPID 0 of one address', 0, [0, 0, 0, 0], FAILS],
    ['reserved bits', 2, [0x10000, 0, 0, 0], FAILS],
    ['a type that does not exist', 4, [5, 0, 0, 0], FAILS],
  ])('%s', (_, type, descriptor, outcome) => {
    expect(execute('invvpid', type, descriptor)).toMatchObject(outcome);
  });
});

test('the flags say that it succeeded', () => {
  const vm = new RootOperation(EVERYTHING);
  vm.cpu.s[at.eflags] |= CF | ZF;
  execute('invept', 2, [0, 0, 0, 0], vm);
  expect(vm.cpu.s[at.eflags] & (CF | ZF)).toBe(0);
});

test('outside VMX operation #UD, outside CPL 0 #GP, without a current VMCS VMfailInvalid', () => {
  const outside = new RootOperation(EVERYTHING);
  outside.cpu.s[at.vmxOn] = 0;
  expect(execute('invept', 2, [0, 0, 0, 0], outside)).toMatchObject({ kind: 'fault', number: 6 });
  const ring3 = new RootOperation(EVERYTHING);
  ring3.cpu.s[at.cpl] = 3;
  expect(execute('invvpid', 2, [0, 0, 0, 0], ring3)).toMatchObject({ kind: 'fault', number: 13 });
  const none = new RootOperation(EVERYTHING);
  none.cpu.s[at.vmcsPointer] = -1;
  expect(execute('invvpid', 9, [0, 0, 0, 0], none)).toMatchObject({ kind: 'invalid' });
});
