/** `rm1` as a process: for runs that are long under a test runner's transform. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const RM1 = fileURLToPath(new URL('../../bin/rm1.mjs', import.meta.url));

export interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export function rm1(args: readonly string[], stdin = ''): Promise<Ended> {
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
    child.stdin.end(stdin);
  });
}

/** A folder of its own for what a run writes. */
export function scratch(): { readonly folder: string; readonly read: (path: string) => Buffer } {
  const folder = mkdtempSync(join(tmpdir(), 'rm1-'));
  return { folder, read: (path) => readFileSync(join(folder, path)) };
}
