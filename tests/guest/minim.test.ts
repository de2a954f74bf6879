import { describe, expect, test } from 'vitest';
import { at } from '../../src/cpu/state.ts';
import { filesOf, makeFileSystem, minimDisk } from '../../src/session/minim-disk.ts';
import { Kind, TRANSFERS } from '../../src/trace/log.ts';
import { contentOf, Minim, minim } from './support/minim.ts';

const ECHOED = (script: string) => `minim 1.0\n${script}minim: halted\n`;

describe('a session at the shell, byte for byte', () => {
  test('files: listed, read, written, and there again after a restart', () => {
    const first = minim('cat readme\nwrite note one two  three\ncat note\nwrite note four\nwrite deed 1\ncat note\nhalt\n');
    const readme = contentOf(minimDisk(), 'readme');
    expect(first.text).toBe(
      ECHOED(
        `$ cat readme\n${readme}$ write note one two  three\n$ cat note\none two  three\n$ write note four\n$ write deed 1\n$ cat note\nfour\n$ halt\n`,
      ),
    );
    expect(first.end).toEqual({ kind: 'halted' });
    const second = minim('cat note\ncat deed\ncat gone\nhalt\n', { disk: first.disk });
    expect(second.text).toBe(ECHOED('$ cat note\nfour\n$ cat deed\n1\n$ cat gone\ncat: no such file\n$ halt\n'));
    expect(second.disk).toEqual(first.disk);
  });

  test('ls lists what the disk holds', () => {
    const files = filesOf(minimDisk());
    const lines = files.map(({ name, bytes }) => `${name.padEnd(16)}${bytes.length}\n`).join('');
    expect(minim('ls\nhalt\n').text).toBe(ECHOED(`$ ls\n${lines}$ halt\n`));
  });

  test('count, hello, and what is asked for with a number', () => {
    expect(minim('count 3\nhello\n\nhog 5\ntables 2\ncalls 7\nforks 3\nhalt\n').text).toBe(
      ECHOED(
        '$ count 3\ncount 1\ncount 2\ncount 3\n$ hello\nhello, world\nhello, world\nhello, world\n$ \n$ hog 5\nhog: 5 pages\n' +
          '$ tables 2\ntables: every page came fresh\n$ calls 7\ncalls: 7 of each kind, all alike\n$ forks 3\nforks: 3 processes came and went\n$ halt\n',
      ),
    );
  });

  test('keys: erased characters, what is no character, carriage returns', () => {
    const back = String.fromCharCode(8);
    const rubbed = `${back} ${back}`;
    const { text } = minim(`${back}hex\x7fk\x7f\x7f\x01${back}halp\x7ft\r`);
    expect(text).toBe(`minim 1.0\n$ hex${rubbed}k${rubbed}${rubbed}${rubbed}halp${rubbed}t\nminim: halted\n`);
  });

  test('Control-D ends the shell, and with it the machine', () => {
    expect(minim('\x04').text).toBe('minim 1.0\n$ \nminim: halted\n');
  });

  test('what there is not', () => {
    expect(minim('nothing here\nreadme\ninsmod count\ninsmod\nwrite\nwrite count x\nhalt\n').text).toBe(
      ECHOED(
        '$ nothing here\nshell: there is no program nothing here\n$ readme\nshell: there is no program readme\n' +
          '$ insmod count\nshell: cannot do insmod count\n$ insmod\nshell: there is no program insmod\n' +
          '$ write\nwrite FILE TEXT\n$ write count x\nwrite: cannot write that\n$ halt\n',
      ),
    );
  });

  test('more is typed at once than it can hold: nothing is lost', () => {
    const script = `${Array.from({ length: 60 }, (_, k) => `nothing ${k}\n`).join('')}halt\n`;
    const lines = minim(script).text.split('\n');
    expect(lines.filter((line) => line.startsWith('$ '))).toEqual(
      script
        .split('\n')
        .slice(0, -1)
        .map((line) => `$ ${line}`),
    );
  });
});

describe('what it prints does not depend on', () => {
  const script = 'ls\ncount 4\nhello\nwrite note x\ncat note\nforks 2\nhog 20\ncrash port\ninsmod greet\nhalt\n';
  const { text, disk } = minim(script);

  test.each([2_000_000, 16_000_000, 900_000_000])('where ticks fall: a clock of %i cycles a second', (frequency) => {
    const other = minim(script, { frequency });
    expect([other.text, other.disk]).toEqual([text, disk]);
  });

  test('when keys are pressed', () => {
    expect(minim(script, { every: 20_011 }).text).toBe(text);
  });

  test('how much memory there is beyond what it needs', () => {
    expect(minim(script, { memory: 4 }).text).toBe(text);
  });
});

describe('programs and kernel', () => {
  test.each([
    ['kernel', '0E', 'the kernel’s memory'],
    ['text', '0E', 'its own text'],
    ['port', '0D', 'a port'],
    ['halt', '0D', 'HLT'],
    ['x', '0E', 'address 0'],
  ])('crash %s: exception %s kills only that program', (what, vector) => {
    const { text } = minim(`crash ${what}\nhello\nhalt\n`);
    expect(text).toMatch(
      new RegExp(
        `^minim 1\\.0\\n\\$ crash ${what}\\ncrash: exception ${vector} at [0-9A-F]{8}, killed\\n\\$ hello\\n(hello, world\\n){3}\\$ halt\\nminim: halted\\n$`,
      ),
    );
  });

  test('an address the kernel is given, and cannot write to, kills the program that gave it', () => {
    expect(minim('crash call\nhello\nhalt\n').text).toMatch(/crash call\ncrash: exception 0E, killed\n\$ hello\nhello, world/);
  });

  test.each(['segments', 'flags'])('whatever a program leaves in its %s, the kernel goes on', (what) => {
    expect(minim(`crash ${what}\nhello\nhalt\n`).text).toMatch(new RegExp(`crash ${what}\\ncrash: [^\\n]*\\n\\$ hello\\nhello, world`));
  });

  test('more memory than there is: that program ends, and its pages serve the next', () => {
    const { text } = minim('hog 768\nhog 768\nhog 600\nhalt\n');
    expect(text).toBe(
      ECHOED('$ hog 768\nhog: out of memory, killed\n$ hog 768\nhog: out of memory, killed\n$ hog 600\nhog: 600 pages\n$ halt\n'),
    );
  });

  test('pages come when they are touched: one page fault for each, and no sooner', () => {
    const faults = (pages: number) => {
      const there = new Minim({ detailed: true });
      there.type(`hog ${pages}\nhalt\n`);
      there.run();
      return there.count(Kind.EXCEPTION, (value) => value(0) === 14 && value(3) >>> 0 >= 0x0810_0000 && value(3) >>> 0 < 0x0840_0000);
    };
    expect([1, 17, 300].map(faults)).toEqual([1, 17, 300]);
  });

  test('INT 80h and SYSENTER: both are used, and answer alike', () => {
    const there = new Minim({ detailed: true });
    there.type('calls 25\nhalt\n');
    there.run();
    const transfers = (name: (typeof TRANSFERS)[number]) => there.count(Kind.TRANSFER, (value) => TRANSFERS[value(0)] === name);
    expect(there.text).toContain('calls: 25 of each kind, all alike');
    expect([transfers('sysenter'), transfers('sysexit')]).toEqual([51, 51]);
    expect(transfers('int')).toBeGreaterThan(50);
  });

  test('the tick takes the processor from one program and gives it to another', () => {
    const there = new Minim({});
    there.type('count 12&\ncount 9\nhalt\n');
    there.run();
    const lines = there.text.split('\n').filter((line) => line.startsWith('count'));
    const together = lines.join(' ');
    for (const most of [12, 9]) {
      const own = Array.from({ length: most }, (_, k) => `count ${k + 1}`);
      for (const line of own) expect(lines).toContain(line);
    }
    expect(lines).toHaveLength(21);
    expect(together).not.toBe([...Array(12).keys(), ...Array(9).keys()].map((k) => `count ${k + 1}`).join(' '));
    expect(together.indexOf('count 1 count 1 ')).toBeGreaterThanOrEqual(0);
    expect(there.text).toMatch(/minim: halted\n$/);
  });

  test('a module from the disk runs in ring 0, and may be followed by another', () => {
    expect(minim('insmod greet\ninsmod greet\nhalt\n').text).toBe(
      ECHOED('$ insmod greet\ngreet: a module, in ring 0\n$ insmod greet\ngreet: a module, in ring 0\n$ halt\n'),
    );
  });

  test('at the prompt it waits for nothing but a key: the clock is still', () => {
    const there = new Minim({});
    there.run();
    expect([there.text, there.machine.awaitsInput]).toEqual(['minim 1.0\n$ ', true]);
    there.type('halt\n');
    there.run();
    expect([there.text, there.machine.awaitsInput, there.machine.end]).toEqual([
      'minim 1.0\n$ halt\nminim: halted\n',
      false,
      { kind: 'halted' },
    ]);
    expect(there.machine.cpu.s[at.cpl]).toBe(0);
  });
});

describe('a machine that is not enough', () => {
  test('without a disk', () => {
    expect(minim('', { disk: null }).text).toBe('minim 1.0\nminim: no disk\n');
  });

  test('a disk without files, or without a shell', () => {
    expect(minim('', { disk: new Uint8Array(128 * 512) }).text).toBe('minim 1.0\nminim: no files on the disk\n');
    expect(minim('', { disk: makeFileSystem([]) }).text).toBe('minim 1.0\nminim: the disk has no program shell\n');
  });

  test('too little memory', () => {
    expect(minim('', { memory: 3 }).text).toBe('minim: needs 4 MiB of memory\n');
  });
});

describe('a disk that is full', () => {
  test('refuses, and keeps what it had', () => {
    const files = filesOf(minimDisk());
    const small = makeFileSystem(files, 8 + files.reduce((sum, { bytes }) => sum + Math.ceil(bytes.length / 512), 0) + 1);
    const there = minim('write one 1\nwrite two 2\ncat one\ncat two\nwrite one 3\ncat one\nhalt\n', { disk: small });
    expect(there.text).toBe(
      ECHOED('$ write one 1\n$ write two 2\nwrite: cannot write that\n$ cat one\n1\n$ cat two\n$ write one 3\n$ cat one\n3\n$ halt\n'),
    );
    expect(contentOf(there.disk, 'one')).toBe('3\n');
  });
});

describe('the disk it brings', () => {
  test('is the same every time, and holds what was put on it', () => {
    const files = filesOf(minimDisk());
    expect(makeFileSystem(files)).toEqual(minimDisk());
    expect(files.map(({ name, kind }) => `${kind} ${name}`)).toEqual(
      expect.arrayContaining(['program shell', 'program count', 'module greet', 'text readme']),
    );
  });

  test('takes what fits, and says what does not', () => {
    const file = { name: 'a', kind: 'text', bytes: new Uint8Array(1300) } as const;
    expect(filesOf(makeFileSystem([file, { ...file, name: 'b' }], 14))).toHaveLength(2);
    expect(() => makeFileSystem([file, { ...file, name: 'b' }], 13)).toThrow('b does not fit on a disk of 13 sectors');
    expect(() => makeFileSystem([{ ...file, name: 'sixteencharacter' }])).toThrow('a name has 1 to 15 bytes');
    expect(() => filesOf(new Uint8Array(4096))).toThrow('there is no file system of minim on this disk');
  });
});
