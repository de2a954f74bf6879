import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const RM1 = fileURLToPath(new URL('../../bin/rm1.mjs', import.meta.url));

interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function rm1(args: readonly string[], stdin: (input: NodeJS.WritableStream) => void = (input) => input.end()): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [RM1, ...args]);
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (chunk) => {
      stdout += chunk;
    });
    child.stderr.on('data', (chunk) => {
      stderr += chunk;
    });
    child.on('error', reject);
    child.on('close', (status) => resolve({ status, stdout, stderr }));
    stdin(child.stdin);
  });
}

const ECHO = `bits 32
        org 100000h
        mov dx, 3FAh
        mov al, 7
        out dx, al
look:   mov dx, 3FDh
        in al, dx
        test al, 1
        jz look
        mov dx, 3F8h
        in al, dx
        out dx, al
        cmp al, 10
        jne look
        cli
        hlt
`;

describe('rm1 as a process', () => {
  const folder = mkdtempSync(join(tmpdir(), 'rm1-cli-'));
  const source = join(folder, 'echo.asm');
  writeFileSync(source, ECHO);

  test('duet, its output and its status', async () => {
    const { status, stdout, stderr } = await rm1(['run', 'duet']);
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^duet .*duet: halted\n$/s);
  }, 60_000);

  test('stdin reaches the serial console, also when it comes late', async () => {
    expect(await rm1(['run', source], (input) => input.end('hello\n'))).toEqual({ status: 0, stdout: 'hello\n', stderr: '' });
    const late = await rm1(['run', source], (input) => setTimeout(() => input.end('late\n'), 700));
    expect(late).toEqual({ status: 0, stdout: 'late\n', stderr: '' });
  }, 60_000);

  test('bytes come out as they went in', async () => {
    const { stdout } = await rm1(['run', source], (input) => input.end('grüße\n'));
    expect(stdout).toBe('grüße\n');
  }, 60_000);

  test('an open stdin does not keep a machine that has halted', async () => {
    const ended = await rm1(['run', 'triple-fault'], () => {});
    expect([ended.status, ended.stdout]).toEqual([6, 'int3: handled\ndiv by 0: ']);
  }, 60_000);

  test('a trace is written to its file', async () => {
    const trace = join(folder, 'trace.jsonl');
    await rm1(['run', 'first-exit', '--trace', trace]);
    expect(readFileSync(trace, 'utf8').trim().split('\n').length).toBeGreaterThan(50);
  }, 60_000);

  test('the machine speaks the language that is asked for; English stays what it was', async () => {
    const traced = async (...before: string[]) => {
      await rm1([...before, 'run', 'first-exit', '--trace', join(folder, 'said.jsonl'), '--events', 'vmexit', '--sentences']);
      return readFileSync(join(folder, 'said.jsonl'), 'utf8');
    };
    expect(await traced('--lang', 'de')).toContain('Der Hypervisor behält das echte Steuerregister für sich.');
    expect(await traced()).toContain('the hypervisor keeps the real control register to itself');
    const { status, stderr } = await rm1(['--lang', 'fr', 'scenarios']);
    expect([status, stderr]).toEqual([2, "rm1: --lang is one of en, de; found 'fr'\n"]);
  }, 60_000);

  test('what is no command is said', async () => {
    const { status, stderr } = await rm1(['walk']);
    expect(status).toBe(2);
    expect(stderr).toMatch(/there is no command walk/);
  }, 60_000);
});
