/** MONITOR and MWAIT: SDM vol 2; RDTSCP and IA32_TSC_AUX. */
import { describe, expect, test } from 'vitest';
import { IA32_MISC_ENABLE, IA32_TSC_AUX, readMsr, writeMsr } from '../../src/cpu/msrs.ts';
import { PROFILES, type Profile, processorProfile } from '../../src/cpu/profiles.ts';
import { ACTIVE, HALTED, IF } from '../../src/cpu/registers.ts';
import { at } from '../../src/cpu/state.ts';
import { DATA, HANDLERS, Program, type Start } from './program.ts';

const YONAH = processorProfile('yonah');
const has = (feature: 'monitor' | 'rdtscp'): string[] => PROFILES.filter(({ features }) => features.has(feature)).map(({ name }) => name);

const program = (source: string, start: Start = {}, profile: Profile = YONAH): Program => new Program(source, start, profile);
function steps(p: Program, count: number): Program {
  p.step(count);
  return p;
}
const armed = ({ cpu }: Program): boolean => cpu.s[at.monitored] !== 0;
const ARM = `mov eax, ${DATA + 8}\nxor ecx, ecx\nxor edx, edx\nmonitor\n`;
const ARMING = 4;

describe('MONITOR', () => {
  test('watches the 64 bytes around its address', () => {
    const p = steps(program(ARM), ARMING);
    expect(p.cpu.s[at.monitored]).toBe(DATA | 1);
  });

  test.each([
    ['mov byte [DATA + 3Fh], 1', false],
    ['mov dword [DATA - 2], 0', false],
    ['inc dword [DATA + 20h]', false],
    ['mov edi, DATA - 40h\nmov ecx, 20\nrep stosd', false],
    ['mov edi, DATA + 40h\nmov ecx, 20\nrep stosd', true],
    ['mov byte [DATA + 40h], 1', true],
    ['mov byte [DATA - 1], 1', true],
    ['mov al, [DATA]', true],
  ])('%s: still armed %s', (source, still) => {
    const p = program(`DATA equ ${DATA}\nmov byte [DATA + 80h], 1\n${ARM}${source}\nhlt`);
    steps(p, ARMING + 30);
    expect(armed(p)).toBe(still);
  });

  test.each([
    ['an extension', 'mov ecx, 1\nmonitor', 13],
    ['a null segment', 'mov ds, ecx\nmonitor', 13],
  ])('%s is #GP(0)', (_, source, vector) => {
    const p = steps(program(source), 3);
    expect(p.faults.map((fault) => fault.vector)).toEqual([vector]);
  });

  test('a segment override and the address size count', () => {
    const p = steps(program('mov eax, 10040h\na16 es monitor'), 2);
    expect(p.cpu.s[at.monitored]).toBe(0x41);
  });

  test('what is no RAM cannot be watched', () => {
    expect(armed(steps(program('mov eax, 200000h\nmonitor'), 2))).toBe(false);
  });
});

describe('MWAIT', () => {
  test('without a MONITOR before it, or after a store to its line, it does not wait', () => {
    for (const between of ['', `mov eax, ${DATA}\nmonitor\nmov byte [${DATA + 5}], 0`]) {
      const p = program(`${between}\nmwait\nmov ebx, 7\nhlt`);
      steps(p, 20);
      expect(p.cpu.s[at.ebx]).toBe(7);
    }
  });

  const waiting = (more = '', eflags = 2): Program => steps(program(`${ARM}${more}\nmwait\nmov ebx, 7\nhlt`, { eflags }), ARMING + 2);

  test('it waits, and an interrupt that is taken ends it: the handler returns behind it', () => {
    const p = waiting('nop', IF | 2);
    const { cpu, bus, ram } = p;
    expect([cpu.s[at.activity], armed(p)]).toEqual([HALTED, false]);
    ram.write8(HANDLERS + 0x20, 0xcf);
    bus.intr = true;
    steps(p, 3);
    expect([cpu.s[at.activity], cpu.s[at.ebx]]).toEqual([ACTIVE, 7]);
  });

  test('a masked one does not, unless ECX says so; then it stays pending', () => {
    const deaf = waiting('nop');
    deaf.bus.intr = true;
    expect(deaf.step(5)).toBe('asleep');
    const hearing = waiting('mov ecx, 1');
    hearing.bus.intr = true;
    expect(hearing.step(1)).toBe('limit');
    expect([hearing.cpu.s[at.ebx], hearing.bus.intr, hearing.faults]).toEqual([7, true, []]);
  });

  test('an NMI ends it', () => {
    const p = waiting('nop');
    p.cpu.s[at.nmiPending] = 1;
    steps(p, 1);
    expect(p.eip).toBe(HANDLERS + 2);
  });

  test.each([2, 3, -1])('ECX = %d is #GP(0)', (ecx) => {
    const p = steps(program('mwait', { ecx }), 1);
    expect(p.faults.map(({ vector }) => vector)).toEqual([13]);
  });
});

describe('where they exist', () => {
  test('from the first Core on, and from family 10h', () => {
    expect(has('monitor')).toEqual(['yonah', 'penryn', 'lynnfield', 'westmere', 'haswell', 'phenom']);
    expect(has('rdtscp')).toEqual(['lynnfield', 'westmere', 'haswell', 'phenom']);
  });

  test.each(PROFILES)('$name: CPUID shows what the instructions do', (profile) => {
    const p = program('mov eax, 1\ncpuid\nmov esi, ecx\nxor ecx, ecx\nmonitor\nhlt', {}, profile);
    steps(p, 6);
    const shown = (p.cpu.s[at.esi] & 8) !== 0;
    expect([shown, p.faults.map(({ vector }) => vector)]).toEqual([profile.features.has('monitor'), shown ? [] : [6]]);
    const q = steps(program('mov eax, 80000001h\ncpuid\nmov esi, edx\nrdtscp\nhlt', {}, profile), 5);
    const counts = profile.features.has('rdtscp');
    expect([q.faults.map(({ vector }) => vector), counts ? (q.cpu.s[at.esi] >>> 27) & 1 : 1]).toEqual([counts ? [] : [6], 1]);
  });

  test('a system may switch MONITOR off: CPUID no longer shows it, and it is #UD', () => {
    const p = program('mov eax, 1\ncpuid\nmov esi, ecx\nmwait');
    expect(readMsr(p.cpu, IA32_MISC_ENABLE)).toEqual([0x41801, 0]);
    writeMsr(p.cpu, IA32_MISC_ENABLE, 0x1801, 0);
    steps(p, 4);
    expect([p.cpu.s[at.esi] & 8, p.faults.map(({ vector }) => vector)]).toEqual([0, [6]]);
  });

  test('outside CPL 0 they are #UD', () => {
    const p = program('monitor');
    p.cpu.s[at.cpl] = 3;
    steps(p, 1);
    expect(p.faults[0].vector).toBe(6);
  });
});

test('RDTSCP reads the counter, and IA32_TSC_AUX into ECX', () => {
  const p = program('mov eax, 1234\nxor edx, edx\nmov ecx, 0C0000103h\nwrmsr\nrdtscp', {}, processorProfile('westmere'));
  steps(p, 5);
  expect([p.cpu.s[at.ecx], readMsr(p.cpu, IA32_TSC_AUX)]).toEqual([1234, [1234, 0]]);
  expect(writeMsr(p.cpu, IA32_TSC_AUX, 1, 1)).toBe(false);
  expect(readMsr(program('nop').cpu, IA32_TSC_AUX)).toBeUndefined();
});
