/** A module moves the running kernel into a virtual machine under its own feet: every instruction answers as before, and only time tells. */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { processorProfile } from '../../src/cpu/profiles.ts';
import { at } from '../../src/cpu/state.ts';
import { GUEST_SOURCES } from '../../src/session/guest-sources.ts';
import { guestImage } from '../../src/session/guests.ts';
import { diskFor, MINIM } from '../../src/session/minim-disk.ts';
import { type PowerOn, powerOn } from '../../src/session/power-on.ts';
import { explored } from './support/sessions.ts';

const RM1 = fileURLToPath(new URL('../../bin/rm1.mjs', import.meta.url));
const CALLS = 'minim/system-calls.inc';
/** Five processes, perhaps on a busy computer. */
const TIMEOUT = 120_000;
const LAUNCHED = 'launch: this kernel runs on in a virtual machine\n';

/** minim typed at, with its system call of the clock replaced by `body`. */
function session(typed: string, options: Partial<PowerOn> = {}, body?: string) {
  const changes: Record<string, string> = {};
  if (body !== undefined) changes[CALLS] = GUEST_SOURCES[CALLS].replace(/^sys_ticks:[\s\S]*?ret$/m, `sys_ticks:\n${body}\n        ret`);
  const assembled = guestImage(MINIM, changes);
  const powered = powerOn({
    program: { name: MINIM, bytes: assembled.image, assembled },
    vmm: 'none',
    vms: 1,
    memory: 4,
    ...diskFor(MINIM),
    typed,
    ...options,
  });
  powered.machine.run(Number.POSITIVE_INFINITY);
  const consoles = powered.machine.board.consoles;
  return { ...powered, text: consoles[powered.vms === 0 ? 0 : 1].text, disk: powered.machine.diskContents };
}

const pills = (text: string, line: string) => text.split('\n').filter((one) => one.startsWith(`pill: ${line}`));
const withoutTime = (text: string) =>
  text
    .replaceAll(/^pill: CPUID.*\n/gm, '')
    .replace('$ insmod launch\n', '')
    .replace(LAUNCHED, '');

describe.each(['yonah', 'westmere'])('on %s', (name) => {
  const profile = processorProfile(name);

  test('a session prints the same, with the module and without, but for its line and the time that CPUID takes', () => {
    const typed = (insmod: string) =>
      `pill\nls\n${insmod}pill\ncount 2\nwrite note x\ncat note\nforks 2\ncalls 3\nhog 9\ntables 2\ncrash kernel\ncrash halt\nhello\npill\nhalt\n`;
    const alone = session(typed(''), { profile });
    const below = session(typed('insmod launch\n'), { profile });
    expect(below.text).toContain(LAUNCHED);
    expect(withoutTime(below.text)).toBe(withoutTime(alone.text));
    expect(below.disk).toEqual(alone.disk);
    expect([alone.machine.end, below.machine.end]).toEqual([{ kind: 'halted' }, { kind: 'halted' }]);
    expect(below.machine.cpu.s[at.guest]).toBe(1);
    expect(pills(alone.text, 'CPUID').map((line) => line.replace(/\d+/, 'N'))).toEqual(
      Array(3).fill('pill: CPUID takes N cycles: nobody is below'),
    );
    expect(pills(below.text, 'CPUID').map((line) => line.split(': ')[2])).toEqual([
      'nobody is below',
      'somebody is below',
      'somebody is below',
    ]);
  });
});

describe('asked by the kernel itself', () => {
  const profile = processorProfile('yonah');

  test('whatever instruction asks, the answer is the same', () => {
    const show = 'call print_hex\n mov al, 10\n call put_char\n';
    const asks = [
      ...['mov eax, cr0', 'mov eax, cr4', 'smsw eax', 'str eax', 'sldt eax', 'pushf\n pop eax', 'mov eax, cs', 'mov eax, dr7'],
      ...['sub esp, 8\n sgdt [esp]\n mov eax, [esp+2]\n add esp, 8', 'sub esp, 8\n sidt [esp]\n mov eax, [esp+2]\n add esp, 8'],
      ...[0x3a, 0x480, 0x482, 0x174, 0x175, 0x176, 0x1d9].map((msr) => `mov ecx, ${msr}\n rdmsr`),
      ...['eax', 'ebx', 'ecx', 'edx'].map((register) => `mov eax, 1\n cpuid\n mov eax, ${register}`),
      'mov eax, cr0\n or eax, 20h\n mov cr0, eax\n mov eax, cr0\n mov edx, eax\n and edx, ~20h\n mov cr0, edx',
      'mov eax, cr4\n or eax, 2000h\n mov cr4, eax\n mov eax, cr4\n mov edx, eax\n and edx, ~2000h\n mov cr4, edx',
      'mov esi, cr3\n mov cr3, esi\n mov ebp, esp\n mov esp, cr3\n mov eax, esp\n mov esp, ebp\n cmp eax, esi\n setz al\n and eax, 1',
      'mov eax, 28h\n lar eax, eax',
    ];
    const body = asks.map((ask) => `${ask}\n ${show}`).join('\n ');
    const { text } = session('clock\ninsmod launch\nclock\nhalt\n', { profile }, `${body}\n xor eax, eax`);
    const [before, after] = text.split('$ clock\n').slice(1);
    const answers = (part: string) => part.split('\n').slice(0, asks.length);
    expect(answers(before).filter((line) => !/^[0-9A-F]{8}$/.test(line))).toEqual([]);
    expect(answers(after)).toEqual(answers(before));
  });

  test.each(['vmcall', 'vmread eax, eax'])('%s is no instruction', (instruction) => {
    const { text } = session('insmod launch\nclock\nhalt\n', { profile }, instruction);
    expect(text).toMatch(/minim: panic, exception 06, error 00000000 at C01[0-9A-F]{5}\n$/);
  });

  test('a kernel that switches VMX on gets the machine, and all is as if nobody had been below', () => {
    const vmxon = `mov eax, cr0
        or eax, 20h
        mov cr0, eax
        mov eax, cr4
        or eax, 2000h
        mov cr4, eax
        call page_alloc
        mov edi, eax
        mov ecx, 480h
        rdmsr
        mov [edi], eax
        sub edi, KERNEL
        push dword 0
        push edi
        vmxon [esp]
        setbe al
        movzx eax, al
        add esp, 8
        vmxoff
        mov edx, cr4
        and edx, ~2000h
        mov cr4, edx`;
    const typed = 'clock\npill\nls\ncalls 3\nforks 2\ncrash text\nhalt\n';
    const alone = session(typed, { profile }, vmxon);
    const below = session(`insmod launch\n${typed}`, { profile }, vmxon);
    expect(alone.text).toContain('$ clock\n0 ticks\n');
    expect(below.text.replace(`$ insmod launch\n${LAUNCHED}`, '')).toBe(alone.text);
    expect(below.machine.cpu.s[at.vmxOn]).toBe(0);
  });
});

test('where there is no VT-x the module says so, and another may take its place', () => {
  const { text } = session('insmod launch\ninsmod greet\nhalt\n', { profile: processorProfile('katmai') });
  expect(text).toContain('$ insmod launch\nlaunch: this processor has no VT-x\n$ insmod greet\ngreet: a module, in ring 0\n');
});

test('a triple fault below it is a triple fault of the machine', () => {
  const { machine } = session('insmod launch\nclock\n', {}, 'push dword 0\n push dword 0\n lidt [esp]\n int3');
  expect(machine.end).toEqual({ kind: 'shutdown' });
});

test('where the kernel looks, the monitor’s pages are an empty one; what it could map of them is there', () => {
  const { machine } = session('insmod launch\n');
  const at0 = (page: number) => machine.ram.bytes[page];
  expect(at0(0x3e0000)).toBe(0xe9);
  const { text } = session('insmod launch\nclock\nhalt\n', {}, 'mov eax, [0C03E0000h]\n or eax, [0C03E3000h]\n or eax, [0C03E7FFCh]');
  expect(text).toContain('\n0 ticks\n');
});

describe('the red pill: SIDT in a program', () => {
  const asked = (vmm: string, typed = 'pill\nhalt\n') =>
    pills(
      execFileSync(process.execPath, [RM1, 'run', 'minim', '--vmm', vmm], { input: typed, stdio: ['pipe', 'pipe', 'ignore'] }).toString(),
      'the IDT',
    )[0];

  test(
    'tells under translation, and neither in a virtual machine of VT-x or AMD-V nor above a monitor that slipped below',
    () => {
      const own = asked('none');
      expect([asked('vtx'), asked('svm'), asked('none', 'insmod launch\npill\nhalt\n')]).toEqual([own, own, own]);
      const translated = asked('translate');
      expect(translated).not.toBe(own);
      expect(translated).toMatch(/at FF[0-9A-F]{6}$/);
    },
    TIMEOUT,
  );
});

describe('on the stage', () => {
  const LATE = { scenario: 'late-launch' } as const;

  test('it opens in root operation, just before the kernel becomes a guest; ring -1 was not there at first', () => {
    const one = explored(LATE);
    one.seek(0);
    for (const _ of one.opening());
    const opened = one.view();
    expect([opened.who.ring, opened.rings.kind, opened.rings.vms.map(({ status }) => status)]).toEqual(['m', 'vmx', ['not started']]);
    one.step(5);
    expect(one.view().sentence).toMatch(/^The hypervisor enters VM 1 at C03E[0-9A-F]{4}, ring 0/);
    expect(one.view().who).toMatchObject({ role: 'kernel', ring: '0', vm: 1 });
    one.seek(0);
    expect([one.view().rings.kind, one.view().rings.vms[0].name]).toEqual(['bare', 'This machine']);
  });

  test('the module’s code is known, in both of its parts; its exits are counted', () => {
    const one = explored(LATE);
    for (const _ of one.toExit(1));
    expect(one.view().who).toMatchObject({ ring: 'm', role: 'monitor' });
    expect(one.view().stream.current?.label).toBe('on_exit');
    one.seek(Number.MAX_SAFE_INTEGER);
    const { exits, consoles } = one.view();
    expect([exits.kind, exits.counts.some(({ name }) => name === 'CPUID')]).toEqual(['exits', true]);
    expect(consoles[0].text).toMatch(/nobody is below\n[\s\S]*somebody is below\n\$ $/);
  });
});
