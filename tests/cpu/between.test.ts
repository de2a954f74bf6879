/** Between two instructions: repetition, interrupt shadows, single steps, runs that are cut, faults in the middle of a block. */
import { describe, expect, test } from 'vitest';
import { BLOCKED_BY_MOV_SS, BLOCKED_BY_STI, IF, RF, TF } from '../../src/cpu/registers.ts';
import { at } from '../../src/cpu/state.ts';
import { CODE, DATA, HANDLERS, Program, STACK } from './program.ts';

const INTERRUPT = HANDLERS + 0x20;
const BREAKPOINT = HANDLERS + 1;

describe('REP', () => {
  const copy = (start = {}): Program => new Program('rep movsb\nhlt', { esi: DATA, edi: DATA + 64, ecx: 3, ...start });

  test('each iteration is a step; EIP stays until the last', () => {
    const program = copy();
    const seen = [0, 1, 2].map(() => {
      program.step();
      return [program.eip, program.register('ecx'), program.register('esi') - DATA];
    });
    expect(seen).toEqual([
      [CODE, 2, 1],
      [CODE, 1, 2],
      [CODE + 2, 0, 3],
    ]);
  });

  test('an interrupt comes between iterations, and IRET goes on with the rest', () => {
    const program = copy({ eflags: IF | 2 });
    program.ram.write8(INTERRUPT, 0xcf);
    program.step();
    program.bus.intr = true;
    program.step();
    expect([program.eip, program.ram.read32(STACK - 12)]).toEqual([INTERRUPT, CODE]);
    program.step(3);
    expect([program.eip, program.register('ecx'), program.register('edi')]).toEqual([CODE + 2, 0, DATA + 67]);
  });

  test('RF is pushed as 1 by an interrupt before the last iteration, as 0 behind it', () => {
    const pushed = (after: number): number => {
      const program = copy({ eflags: IF | 2 });
      program.step(after);
      program.bus.intr = true;
      program.step();
      expect(program.eip).toBe(INTERRUPT);
      return program.ram.read32(STACK - 4) & RF;
    };
    expect([pushed(1), pushed(2), pushed(3)]).toEqual([RF, RF, 0]);
  });

  test('a single-step trap follows each iteration', () => {
    const program = copy({ eflags: TF | 2 });
    program.step(2);
    expect([program.eip, program.ram.read32(STACK - 12), program.register('ecx')]).toEqual([BREAKPOINT, CODE, 2]);
  });

  test('an iteration that faults leaves its registers as they were', () => {
    const program = copy({ edi: -2 });
    program.cpu.s[at.esLimit] = 0xfffffffe | 0;
    program.cpu.flatWrite &= ~1;
    program.step(2);
    expect(program.faults).toEqual([{ vector: 13, errorCode: 0, eip: CODE }]);
    expect([program.register('ecx'), program.register('esi')]).toEqual([2, DATA + 1]);
  });
});

describe('shadows', () => {
  const shadow = (program: Program): number => program.cpu.s[at.interruptibility] & (BLOCKED_BY_STI | BLOCKED_BY_MOV_SS);

  test('STI lets one more instruction pass, and only when IF was 0', () => {
    for (const [eflags, instructions] of [
      [2, 2],
      [IF | 2, 1],
    ]) {
      const program = new Program('sti\nnop\nnop', { eflags });
      if ((eflags & IF) !== 0) program.step();
      program.bus.intr = true;
      program.step(instructions - ((eflags & IF) !== 0 ? 1 : 0));
      expect(program.eip).toBe(CODE + instructions);
      program.step();
      expect(program.eip).toBe(INTERRUPT);
    }
  });

  test('STI and CLI next to each other let no interrupt in', () => {
    const program = new Program('sti\ncli\nnop');
    program.bus.intr = true;
    program.step(3);
    expect(program.eip).toBe(CODE + 3);
  });

  test('STI and HLT sleep, and wake behind the HLT', () => {
    const program = new Program('sti\nhlt\nnop');
    program.step(2);
    expect(program.cpu.s[at.activity]).toBe(1);
    program.bus.intr = true;
    program.step();
    expect([program.eip, program.ram.read32(STACK - 12)]).toEqual([INTERRUPT, CODE + 2]);
  });

  test('MOV SS holds interrupts for one instruction; of several in a row only the first does', () => {
    const program = new Program('mov ss, ax\nmov ss, ax\nnop', { eax: 16, eflags: IF | 2 });
    program.step();
    expect(shadow(program)).toBe(BLOCKED_BY_MOV_SS);
    program.bus.intr = true;
    program.step();
    expect([program.eip, shadow(program)]).toEqual([CODE + 4, 0]);
    program.step();
    expect(program.eip).toBe(INTERRUPT);
  });

  test('POP SS holds, LSS does not', () => {
    expect(shadow(stepped(new Program('push ss\npop ss'), 2))).toBe(BLOCKED_BY_MOV_SS);
    const lss = new Program(`mov dword [${DATA}], ${STACK}\nmov word [${DATA + 4}], 16\nlss esp, [${DATA}]`);
    expect(shadow(stepped(lss, 3))).toBe(0);
  });

  test('a fault ends a shadow', () => {
    const program = stepped(new Program('sti\nud2'), 2);
    expect([program.eip, shadow(program)]).toEqual([HANDLERS + 6, 0]);
  });

  test('an NMI waits behind MOV SS, and blocks the next one until IRET', () => {
    const program = new Program('mov ss, ax\nnop\nnop\nnop', { eax: 16 });
    program.ram.write8(HANDLERS + 2, 0xcf);
    program.step();
    program.cpu.s[at.nmiPending] = 1;
    program.step();
    expect(program.eip).toBe(CODE + 3);
    program.step();
    expect(program.eip).toBe(HANDLERS + 2);
    program.cpu.s[at.nmiPending] = 1;
    program.step();
    expect(program.eip).toBe(CODE + 3);
    program.step();
    expect(program.eip).toBe(HANDLERS + 2);
  });
});

const stepped = (program: Program, steps: number): Program => {
  program.step(steps);
  return program;
};

describe('single steps', () => {
  test('the trap follows the instruction before which TF was 1', () => {
    const program = stepped(new Program('push dword 102h\npopf\nnop\nnop'), 4);
    expect([program.eip, program.ram.read32(STACK - 12)]).toEqual([BREAKPOINT, program.eip - BREAKPOINT + CODE + 7]);
    expect(program.cpu.s[at.dr6] & 0x4000).toBe(0x4000);
  });

  test('POPF that clears TF still traps; INT n does not trap in its handler', () => {
    const cleared = stepped(new Program('push dword 2\npopf\nnop', { eflags: 2 }), 1);
    cleared.cpu.s[at.eflags] |= TF;
    expect(stepped(cleared, 2).eip).toBe(BREAKPOINT);
    const int = stepped(new Program('int 30h', { eflags: TF | 2 }), 1);
    expect([int.eip, int.eflags & TF]).toEqual([HANDLERS + 0x30, 0]);
    int.ram.write8(HANDLERS + 0x30, 0x90);
    int.step();
    expect(int.eip).toBe(HANDLERS + 0x31);
  });

  test('that of a MOV SS is lost', () => {
    const program = stepped(new Program('mov ss, ax\nnop', { eax: 16, eflags: TF | 2 }), 1);
    expect(program.cpu.s[at.pendingDebug]).toBe(0);
    expect(stepped(program, 2).eip).toBe(BREAKPOINT);
  });
});

describe('blocks', () => {
  const SOURCE = `
        mov ecx, 20
.next:  lea eax, [ecx*4 + ${DATA}]
        mov [eax], ecx
        add [eax], eax
        xor edx, [eax]
        push edx
        pop ebx
        test cl, 3
        jnz .skip
        call .sub
.skip:  loop .next
        hlt
.sub:   bswap edx
        ret`;

  test('wherever a run is cut, the future is the same', () => {
    const whole = new Program(SOURCE).toHalt();
    for (let cut = 1; cut < whole.steps; cut++) {
      const program = new Program(SOURCE);
      program.step(cut);
      expect(program.steps).toBe(cut);
      program.toHalt();
      expect(program.register('ebx')).toBe(whole.register('ebx'));
      expect([program.steps, program.cpu.cycles]).toEqual([whole.steps, whole.cpu.cycles]);
    }
  });

  test('a fault in the middle finds EIP and the count of steps exact', () => {
    const program = new Program('inc eax\ninc eax\ndiv ebx\ninc eax', { ebx: 0 });
    program.step(3);
    expect(program.faults).toEqual([{ vector: 0, errorCode: 0, eip: CODE + 2 }]);
    expect([program.steps, program.register('eax'), program.ram.read32(STACK - 12)]).toEqual([3, 2, CODE + 2]);
  });

  test('a device is asked once for each access, at the cycle of its instruction', () => {
    const DEVICE = 1 << 20;
    const source = `inc eax\nmov ebx, [${DEVICE}]\ninc eax\nadd [${DEVICE + 4}], ebx\npush dword [${DEVICE + 8}]\npop dword [${DEVICE + 12}]\nhlt`;
    const program = new Program(source);
    const cycles: number[] = [];
    program.bus.onAccess = () => cycles.push(program.cpu.cycles);
    program.toHalt();
    expect(program.bus.log).toEqual(['read 0 4', 'read 4 4', `write 4 4 ${0xee}`, 'read 8 4', `write 12 4 ${0x77}`]);
    const single = new Program(source);
    const exact: number[] = [];
    single.bus.onAccess = () => exact.push(single.cpu.cycles);
    while (single.cpu.s[at.activity] === 0) single.step();
    expect(cycles).toEqual(exact);
  });
});
