import { describe, expect, test } from 'vitest';
import { flat, rm1Run } from './support/world.ts';

describe('duet', () => {
  test('on the bare machine', async () => {
    const { status, lines, stderr } = await rm1Run('duet');
    expect([status, stderr]).toEqual([0, '']);
    expect(lines[0]).toMatch(/^duet \d/);
    expect(lines.at(-1)).toBe('duet: halted');
    expect(lines.filter((line) => /^count \d+$/.test(line))).toEqual(Array.from({ length: 20 }, (_, k) => `count ${k + 1}`));
    expect(lines.filter((line) => line.startsWith('hello'))).toEqual(Array.from({ length: 9 }, (_, k) => `hello, world ${k + 1}`));
  });

  test('twice under VT-x: every machine prints what it prints alone', async () => {
    const alone = await rm1Run('duet');
    const { status, lines, stderr } = await rm1Run('duet --vmm vtx --vms 2 --memory 4M');
    expect(status).toBe(0);
    expect(lines.every((line) => /^vm[12]\| /.test(line))).toBe(true);
    for (const vm of ['vm1| ', 'vm2| ']) {
      const own = lines.filter((line) => line.startsWith(vm)).map((line) => line.slice(vm.length));
      for (const of of ['count', 'hello', 'duet'])
        expect(own.filter((line) => line.startsWith(of))).toEqual(alone.lines.filter((line) => line.startsWith(of)));
      expect(own).toHaveLength(alone.lines.length);
    }
    expect(
      stderr
        .split('\n')
        .slice(0, -1)
        .every((line) => line.startsWith('vmm| ')),
    ).toBe(true);
  });

  test.each([
    ['--vmm vtx --paging shadow'],
    ['--vmm vtx --paging nested'],
    ['--vmm svm'],
    ['--vmm svm --paging nested'],
    ['--vmm svm --cpu phenom'],
  ])('%s is a machine of its own', async (args) => {
    const { status, stdout } = await rm1Run(`duet ${args} --json --memory 4M`);
    const bare = JSON.parse((await rm1Run('duet --json --memory 4M')).stdout);
    const { consoles, exits } = JSON.parse(stdout);
    expect(status).toBe(0);
    expect(exits).toBeGreaterThan(500);
    expect(consoles[1].text).toBe(bare.consoles[0].text);
  });

  test('once under VT-x there is no prefix', async () => {
    const { status, lines } = await rm1Run('duet --vmm vtx --memory 4M');
    expect(status).toBe(0);
    expect(lines[0]).toMatch(/^duet \d/);
    expect(lines.at(-1)).toBe('duet: halted');
  });
});

describe('minim', () => {
  test('reads commands from stdin; what it writes to its disk is there again', async () => {
    const first = await rm1Run('minim --save-disk out', {}, ['write note 42\n', 'halt\n']);
    expect([first.status, first.stdout, first.stderr]).toEqual([0, 'minim 1.0\n$ write note 42\n$ halt\nminim: halted\n', '']);
    const disk = first.files.get('out/disk.img') as Uint8Array;
    const second = await rm1Run('minim --disk d', { d: disk }, ['cat note\nhalt\n']);
    expect(second.stdout).toBe('minim 1.0\n$ cat note\n42\n$ halt\nminim: halted\n');
    expect(second.files.get('d')).toEqual(disk);
  });

  test('waits for what comes in, and ends with it', async () => {
    const { status, stdout } = await rm1Run('minim', {}, ['cou', 'nt 1\n']);
    expect([status, stdout]).toEqual([0, 'minim 1.0\n$ count 1\ncount 1\n$ ']);
  });
});

describe('the status', () => {
  test.each<[string, string, number, RegExp]>([
    ['0: HLT with IF = 0', 'cli\nhlt', 0, /^$/],
    ['0: nothing that could wake it', 'sti\nhlt', 0, /^$/],
    ['4: the step limit', 'jmp $', 4, /^rm1 run: step limit, at step 1000\n$/],
    [
      '6: a triple fault',
      'lidt [zero]\nud2\nzero: dd 0, 0',
      6,
      /^rm1 run: triple fault: #UD at 00100007, then #GP\(33h\)[^\n]*#DF\(0h\)[^\n]*, at step 2\n$/,
    ],
    ['10: a reset by the guest', 'mov al, 0FEh\nout 64h, al', 10, /^rm1 run: the guest reset the machine, at step 2\n$/],
    ['1: 0 written to the debug exit', 'mov dx, 501h\nmov al, 0\nout dx, al', 1, /^$/],
    ['1 + 2v: 20 written to the debug exit', 'mov dx, 501h\nmov al, 20\nout dx, al', 41, /^$/],
  ])('%s', async (_, source, status, stderr) => {
    const ran = await rm1Run('x.asm --max-instructions 1000', flat(source));
    expect([ran.status, ran.stdout]).toEqual([status, '']);
    expect(ran.stderr).toMatch(stderr);
  });

  test('at the limit and at the end at once, the end counts', async () => {
    expect((await rm1Run('x.asm --max-instructions 2', flat('cli\nhlt'))).status).toBe(0);
    expect((await rm1Run('x.asm --max-instructions 1', flat('cli\nhlt'))).status).toBe(4);
  });
});

describe('images', () => {
  test('a scenario runs as the page opens it', async () => {
    const { status, stderr } = await rm1Run('first-exit');
    expect(status).toBe(0);
    expect(stderr).toBe('debug| 1h2e3l4l5o\ndebug| vm1: halted\n');
    const two = await rm1Run('two-kernels --json');
    expect(JSON.parse(two.stdout)).toMatchObject({ vmm: 'vtx', vms: 2, status: 0 });
    const bare = await rm1Run('two-kernels --vmm none --json');
    expect(JSON.parse(bare.stdout)).toMatchObject({ vmm: 'none', vms: 0, status: 0 });
  });

  test('a flat binary is a boot sector, unless told otherwise', async () => {
    const boot = Uint8Array.of(0xb8, 0x34, 0x12, 0xfa, 0xf4);
    const sector = await rm1Run('x.bin --trace t --every', { 'x.bin': boot });
    expect(new TextDecoder().decode(sector.files.get('t')).split('\n')[0]).toContain('"eip":"0x00007c00"');
    const protectedMode = await rm1Run('x.bin --org 200000h --mode 32 --max-instructions 1 --trace t --every', { 'x.bin': boot });
    expect(new TextDecoder().decode(protectedMode.files.get('t')).split('\n')[0]).toContain('"eip":"0x00200000"');
  });

  test('a source finds what it includes beside it, above it, and in the catalogue', async () => {
    const files = {
      'a/b/x.asm': `bits 32
        org 100000h
        %include "near.inc"
        %include "lib/shared.inc"
        jmp go
        %include "vmm/lib/debug.inc"
go:     mov dx, 501h
        mov al, NEARBY + SHARED
        out dx, al
`,
      'a/b/near.inc': 'NEARBY equ 1\n',
      'a/lib/shared.inc': 'SHARED equ 2\n',
    };
    const { status, stderr } = await rm1Run('a/b/x.asm --max-instructions 100', files);
    expect([status, stderr]).toEqual([7, '']);
  });

  test('the debug console goes to stderr, a line at a time', async () => {
    const { stdout, stderr } = await rm1Run(
      'x.asm',
      flat("mov al, 'a'\nout 0E9h, al\nmov al, 10\nout 0E9h, al\nmov al, 'b'\nout 0E9h, al\ncli\nhlt"),
    );
    expect([stdout, stderr]).toEqual(['', 'debug| a\ndebug| b\n']);
  });
});

describe('for programs', () => {
  test('--json is one object, and nothing else is on stdout', async () => {
    const { stdout, status } = await rm1Run('duet --json --hash');
    const report = JSON.parse(stdout);
    expect(report).toMatchObject({
      image: 'duet',
      vmm: 'none',
      vms: 0,
      status,
      outcome: 'halted',
      exits: 0,
      hash: expect.stringMatching(/^[0-9a-f]{16}$/),
    });
    expect(report.n).toBeGreaterThan(100_000);
    expect(report.consoles[0]).toMatchObject({ title: 'Console', vm: 0, text: expect.stringMatching(/duet: halted\n$/) });
  });

  test('--hash is the same in every run, last on stderr, and differs for another machine', async () => {
    const hash = async (args: string) => (await rm1Run(args)).stderr.split('\n').at(-2);
    const first = await hash('duet --hash');
    expect(first).toMatch(/^[0-9a-f]{16}$/);
    expect(await hash('duet --hash --trace t')).toBe(first);
    expect(await hash('duet --hash --max-instructions 100000')).not.toBe(first);
    expect(await hash('duet --hash --memory 64M')).not.toBe(first);
  });

  test('how far --every or --trace look changes nothing', async () => {
    const hash = async (args: string) => (await rm1Run(`first-exit --hash ${args}`)).stderr.split('\n').at(-2);
    expect(await hash('--trace t --every --sentences')).toBe(await hash('--max-instructions 99999'));
  });
});

describe('what is wrong is said, with status 2', () => {
  test.each<[string, RegExp]>([
    ['nothing', /no such file, and no scenario of that name \(there are minim, duet, two-kernels, .*, triple-fault\)/],
    ['minim other', /one image at a time: found minim and other/],
    ['--hash', /expected an image to run/],
    ['minim --what', /there is no option --what/],
    ['minim --vmm kvm', /--vmm: expected one of none, peer, trap, translate, para, vtx, vtx-vtx, svm, found kvm/],
    ['minim --vmm para --memory 64M', /the monitor para gives each virtual machine at most 60 MiB: not 64/],
    ['duet --vmm para', /the monitor para runs kernels that were ported to it, and duet is none: there is minim/],
    ['minim --disk none', /none: no such file/],
    ['minim --initrd x', /--initrd is not implemented yet/],
    ['minim --vmm vtx --vms 5', /--vms: expected 1 to 4, found 5/],
    ['minim --vms 2', /--vms needs a monitor/],
    ['minim --paging nested', /--paging needs a monitor/],
    ['minim --vmm vtx --paging ept', /--paging: expected one of shadow, traced, nested, found ept/],
    [
      'minim --vmm vtx --cpu orleans',
      /the monitor vtx needs VT-x, and orleans has none: there are yonah, penryn, lynnfield, westmere, haswell/,
    ],
    ['minim --vmm svm --cpu katmai', /the monitor svm needs AMD-V, and katmai has none: there are orleans, phenom/],
    ['minim --vmm svm --cpu orleans --paging nested', /orleans has no nested paging: there are phenom/],
    ['minim --vmm vtx --cpu yonah --paging nested', /yonah has no nested paging: there are lynnfield, westmere, haswell/],
    ['minim --memory 100K', /--memory: expected whole mebibytes from 1M to 512M, found 100K/],
    ['minim --memory', /--memory needs a value/],
    ['minim --trace --hash', /--trace needs a value/],
    ['minim --max-instructions many', /--max-instructions: expected a number, found many/],
    ['minim --cpu 486', /486/],
    ['minim --costs free', /free/],
    ['minim --every', /--every needs --trace FILE/],
    ['minim --events vmexit', /--events needs --trace FILE/],
    ['minim --trace t --events vmexit,vmxit', /there is no event vmxit; there are vmexit/],
    ['minim --trace /no/where', /no such directory/],
    ['minim --input none', /none: no such file/],
    ['first-exit --vms 2', /first-exit has 1 virtual machine, not 2/],
    ['triple-fault --vmm vtx', /triple-fault does not run under --vmm vtx: it runs under none/],
    ['x.bin --format multiboot', /x\.bin/],
    ['big.bin --memory 1M --org 0 --entry 0', /big\.bin/],
  ])('rm1 run %s', async (args, message) => {
    const { status, stdout, stderr } = await rm1Run(args, { 'x.bin': Uint8Array.of(0xf4), 'big.bin': new Uint8Array(2 << 20) });
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(message);
    expect(stderr).toMatch(/^rm1 run: /);
  });

  test('a source’s errors name file, line and column', async () => {
    const files = { 'x.asm': 'bits 32\n mov eax, nowhere\n moov eax, 3\n' };
    const { status, stderr } = await rm1Run('x.asm', files);
    expect(status).toBe(2);
    expect(stderr.split('\n')).toEqual([expect.stringMatching(/^x\.asm:2:11: .*nowhere/), expect.stringMatching(/^x\.asm:3:2: /), '']);
    const json = await rm1Run('x.asm --json', files);
    expect(JSON.parse(json.stdout).errors.map(({ line }: { line: number }) => line)).toEqual([2, 3]);
    expect(json.stderr).toBe(stderr);
  });

  test('--help is no mistake', async () => {
    const { status, stdout } = await rm1Run('--help');
    expect(status).toBe(0);
    expect(stdout).toMatch(/^usage: rm1 run IMAGE/);
  });
});

describe('--disk and --save-disk', () => {
  /** Sector 1 read, its first byte raised by one, written back; then the first byte is the debug exit's. */
  const RAISE = flat(`
    mov     ecx, 20h
    call    command
    mov     edi, 200000h
    mov     ecx, 256
    mov     edx, 1F0h
    rep     insw
    inc     byte [200000h]
    mov     ecx, 30h
    call    command
    mov     esi, 200000h
    mov     ecx, 256
    mov     edx, 1F0h
    rep     outsw
    call    wait_for_it
    mov     edx, 501h
    mov     al, [200000h]
    out     dx, al
command:
    mov     edx, 1F2h
    mov     al, 1
    out     dx, al
    inc     edx
    out     dx, al
    inc     edx
    mov     al, 0
    out     dx, al
    inc     edx
    out     dx, al
    inc     edx
    mov     al, 0E0h
    out     dx, al
    inc     edx
    mov     al, cl
    out     dx, al
wait_for_it:
    mov     edx, 1F7h
    in      al, dx
    test    al, 80h
    jnz     wait_for_it
    ret`);
  const disk = new Uint8Array(1024).fill(20);

  test('the file is read and not changed, the result is written where it is wanted', async () => {
    const ran = await rm1Run('x.asm --disk d --save-disk out', { ...RAISE, d: disk });
    expect([ran.status, ran.stderr]).toEqual([1 + 2 * 21, '']);
    const expected = disk.slice();
    expected[512] = 21;
    expect([ran.files.get('d'), ran.files.get('out/disk.img')]).toEqual([disk, expected]);
  });

  test.each<[string, RegExp]>([
    ['--disk odd', /expected whole sectors of 512/],
    ['--save-disk out', /the machine has no disk; add --disk FILE/],
  ])('%s: what is wrong', async (args, message) => {
    const ran = await rm1Run(`x.asm ${args}`, { ...flat('cli\nhlt'), odd: new Uint8Array(100) });
    expect([ran.status, ran.stdout]).toEqual([2, '']);
    expect(ran.stderr).toMatch(message);
  });
});

describe('a VM entry that is refused', () => {
  const RULE = "refers to a region with this processor's revision identifier; VMCS link pointer = 00000000_00000000h";

  test('is named with its rule and the value it met: on stderr, in the trace, and for programs', async () => {
    const { status, stderr, files } = await rm1Run('refused-entry --trace t.jsonl --sentences --events vmentry-failed');
    expect(status).toBe(0);
    expect(stderr).toMatch(
      /rm1 run: step \d+: The VM entry fails, and the processor is back in the hypervisor\. The rule: .*; .* = .*\.\n$/,
    );
    const record = JSON.parse(new TextDecoder().decode(files.get('t.jsonl')).trim().split('\n').at(-1)!);
    expect(record).toMatchObject({ event: 'vmentry-failed', code: 33, qualification: 4 });
    expect(stderr).toContain(`step ${record.n}: ${record.sentence}`);
    const { refusal } = JSON.parse((await rm1Run('refused-entry --json')).stdout);
    expect(refusal).toEqual({ n: record.n, text: record.sentence });
    expect(record.rule).toContain(RULE);
  });
});
