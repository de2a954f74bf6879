/** Every behaviour by its key. A test holds that each row has one, and that none is without a row. */
import { GP, UD } from '../registers.ts';
import { ALU } from './alu.ts';
import { BIT_HANDLERS } from './bits.ts';
import { CONTROL } from './control.ts';
import { DECIMAL } from './decimal.ts';
import { DESCRIPTOR_TABLES } from './descriptor-tables.ts';
import { EXCHANGE } from './exchange.ts';
import { FLAG_TRANSFER } from './flag-transfer.ts';
import { FPU, undefinedEscape } from './fpu.ts';
import { MULTIPLY } from './multiply.ts';
import type { Handlers } from './operands.ts';
import { PORTS } from './ports.ts';
import { PUSHES } from './pushes.ts';
import { ROTATES } from './rotates.ts';
import { SHIFTS } from './shifts.ts';
import { STRINGS } from './strings.ts';
import { SVM } from './svm.ts';
import { SYSTEM } from './system.ts';
import { SYSTEM_REGISTERS } from './system-registers.ts';
import { TRANSFER } from './transfer.ts';
import { UNARY } from './unary.ts';
import { VMX } from './vmx.ts';
import { WAIT } from './wait.ts';

/** An encoding that no row claims is #UD; one longer than 15 bytes #GP(0). */
const NOT_ROWS: Handlers = {
  undefined: (cpu) => cpu.raise(UD),
  undefinedEscape,
  tooLong: (cpu) => cpu.raise(GP, 0),
};

export const EXEC: Handlers = {
  ...ALU,
  ...UNARY,
  ...MULTIPLY,
  ...SHIFTS,
  ...ROTATES,
  ...BIT_HANDLERS,
  ...DECIMAL,
  ...TRANSFER,
  ...EXCHANGE,
  ...PUSHES,
  ...FLAG_TRANSFER,
  ...STRINGS,
  ...CONTROL,
  ...PORTS,
  ...SYSTEM,
  ...SYSTEM_REGISTERS,
  ...DESCRIPTOR_TABLES,
  ...WAIT,
  ...FPU,
  ...VMX,
  ...SVM,
  ...NOT_ROWS,
};
