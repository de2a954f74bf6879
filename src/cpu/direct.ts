/** Behaviours that the loop calls by name, in the order of the cases in run-block.ts, from 1 on. */
import { call32, jcc32, jmp32, ret32 } from './exec/control.ts';
import type { Handler } from './exec/operands.ts';
import {
  addRegister,
  andRegister,
  cmpRegister,
  decRegister,
  incRegister,
  load,
  movRegister,
  orRegister,
  popRegister,
  pushRegister,
  sarRegister,
  shlRegister,
  shrRegister,
  store,
  subRegister,
  testRegister,
  xorRegister,
} from './exec/registers.ts';
import { lea32, mov8, movzxByte32 } from './exec/transfer.ts';

export const DIRECT: readonly Handler[] = [
  movRegister,
  load,
  store,
  addRegister,
  subRegister,
  cmpRegister,
  andRegister,
  orRegister,
  xorRegister,
  testRegister,
  incRegister,
  decRegister,
  shlRegister,
  shrRegister,
  sarRegister,
  lea32,
  pushRegister,
  popRegister,
  jcc32,
  jmp32,
  call32,
  ret32,
  movzxByte32,
  mov8,
];
const NUMBERS: ReadonlyMap<Handler, number> = new Map(DIRECT.map((handler, n) => [handler, n + 1]));

export const directNumber = (handler: Handler): number => NUMBERS.get(handler) ?? 0;
