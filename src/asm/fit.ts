/** Operands and the places of a form: which fit, and which decide the operand size. */
import type { Form, Pattern } from './forms.ts';
import type { ImmediateOperand, OperandValue } from './operand.ts';

/** Whether an operand can stand in a place of a form, and what that says of its size. */
export interface Fit {
  readonly ok: boolean;
  /** Bits that a memory operand would need to state; 0 when none. */
  readonly missing: number;
  /** The operand decides the operand size. */
  readonly decides: boolean;
}

const NO: Fit = { ok: false, missing: 0, decides: false };
const YES: Fit = { ok: true, missing: 0, decides: false };
const DECIDES: Fit = { ok: true, missing: 0, decides: true };

const REGISTER_CLASS: Readonly<Record<number, string>> = { 8: 'r8', 16: 'r16', 32: 'r32' };

/** Words of a selector may be written as 32-bit registers. */
const WIDE_SELECTOR: ReadonlySet<string> = new Set(['lar', 'lsl', 'movToSegment']);

/**
 * Does an operand fit a place in a form?
 *
 * @param stated bits that an immediate beside it states; 0 for none
 */
export function fits(operand: OperandValue, pattern: Pattern, form: Form, address: 16 | 32, stated: number): Fit {
  const { method } = pattern;
  switch (operand.kind) {
    case 'register':
      return fitRegister(operand.register.class, operand.register.name, operand.register.number, pattern, form);
    case 'far':
      return method === 'A' && (operand.bits === 0 || operand.bits === pattern.bits) ? (operand.bits === 0 ? YES : DECIDES) : NO;
    case 'memory': {
      if (method === 'O') {
        if (operand.base !== undefined || (operand.index !== undefined && operand.scale !== 0)) return NO;
        if ((operand.displacementBits || address) !== address) return NO;
      } else if (method !== 'E' && method !== 'M') return NO;
      const far = pattern.operand === 'Mp' && form.row.ends === true && form.row.operands.length === 1;
      if ((operand.distance === 'far') !== far || operand.distance === 'short') return NO;
      const branch = form.row.ends === true && form.row.cost === 'branch';
      if (operand.distance === 'near' && !branch) return NO;
      if (operand.bits !== 0) {
        if (pattern.memoryBits !== 0 && pattern.memoryBits !== operand.bits && pattern.operand !== 'Mp') return NO;
        if (far) return operand.bits === form.size ? DECIDES : NO;
        return 'vz'.includes(pattern.operand[1]) && pattern.memoryBits === form.size ? DECIDES : YES;
      }
      if (pattern.memoryBits === 0 || pattern.implied || far || branch || pattern.operand === 'Mp') return YES;
      if (pattern.stated) return NO;
      if (pattern.byImmediate && stated === pattern.memoryBits) return form.size === 0 ? YES : DECIDES;
      return { ok: true, missing: pattern.memoryBits, decides: form.size !== 0 && pattern.memoryBits === form.size };
    }
    default:
      return fitImmediate(operand, pattern, form);
  }
}

function fitRegister(kind: string, name: string, number: number, pattern: Pattern, form: Form): Fit {
  const sized = REGISTER_CLASS[pattern.bits] === kind;
  const decides = 'vz'.includes(pattern.operand[1]);
  switch (pattern.method) {
    case 'E':
      if (sized) return decides ? DECIDES : YES;
      return pattern.operand === 'Ew' && kind === 'r32' && WIDE_SELECTOR.has(form.row.exec) ? YES : NO;
    case 'G':
    case 'R':
      return sized ? (decides ? DECIDES : YES) : NO;
    case 'Z':
      if (!sized || (form.encoding.plus !== 'r' && number !== (form.encoding.opcode & 7))) return NO;
      return decides ? DECIDES : YES;
    case 'ST':
      return kind === 'st' ? YES : NO;
    case 'S':
      return kind === 'seg' ? YES : NO;
    case 'C':
      return kind === 'cr' ? YES : NO;
    case 'D':
      return kind === 'dr' ? YES : NO;
    case '=':
      if (pattern.operand === 'eAX') return name === (form.size === 16 ? 'ax' : 'eax') ? DECIDES : NO;
      return pattern.operand.toLowerCase() === name ? YES : NO;
    default:
      return NO;
  }
}

function signExtends(operand: ImmediateOperand, size: number): boolean {
  if (operand.bits === 8) return true;
  if (operand.strict) return false;
  if (operand.unknown) return true;
  if (operand.value === undefined) return false;
  const value = BigInt.asIntN(size, operand.value);
  return value >= -128n && value <= 127n;
}

function fitImmediate(operand: ImmediateOperand, pattern: Pattern, form: Form): Fit {
  const { bits, distance } = operand;
  const states = bits !== 0 && bits === form.size;
  switch (pattern.method) {
    case 'I':
      if (distance !== '') return NO;
      if (pattern.operand === 'Ib' || pattern.operand === 'Iw') return bits === 0 || bits === pattern.bits || states ? YES : NO;
      return bits === 0 ? YES : states ? DECIDES : NO;
    case 'sI':
      if (distance !== '' || !signExtends(operand, form.size)) return NO;
      return bits === 0 || bits === 8 ? YES : states ? DECIDES : NO;
    case 'J':
      if (distance === 'far' || (bits !== 0 && !states)) return NO;
      if (pattern.operand === 'Jb' ? distance === 'near' || bits !== 0 : distance === 'short') return NO;
      return states ? DECIDES : YES;
    case '=':
      if (pattern.operand !== '1' && pattern.operand !== '3') return NO;
      if (bits !== 0) return NO;
      if (operand.unknown) return operand.strict ? NO : YES;
      return operand.value === BigInt(pattern.operand) ? YES : NO;
    default:
      return NO;
  }
}
