/** The one table of instructions. Decoder, disassembler, assembler, behaviours and exit gates are derived from it. */

import type { Row } from './row.ts';
import { ARITHMETIC } from './rows/arithmetic.ts';
import { BITS } from './rows/bits.ts';
import { CONTROL } from './rows/control.ts';
import { FPU_ROWS } from './rows/fpu.ts';
import { STRINGS } from './rows/strings.ts';
import { SVM_ROWS } from './rows/svm.ts';
import { SYSTEM } from './rows/system.ts';
import { TRANSFER } from './rows/transfer.ts';
import { VMX_ROWS } from './rows/vmx.ts';

export const ROWS: readonly Row[] = [
  ...ARITHMETIC,
  ...TRANSFER,
  ...BITS,
  ...STRINGS,
  ...CONTROL,
  ...SYSTEM,
  ...FPU_ROWS,
  ...VMX_ROWS,
  ...SVM_ROWS,
];
