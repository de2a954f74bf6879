import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
export const cacheFolder = join(root, 'node_modules', '.cache', 'ringminusone');

/** Runs a program in the checkout; resolves to its exit status, and to 1 if it was killed or could not be started. */
export function run(command, args, { env = {}, stdio = 'inherit', minutes = 30, shell = false } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: root, env: { ...process.env, ...env }, stdio, shell });
    const timer = setTimeout(
      () => {
        console.error(`${command} ${args.join(' ')}: stopped after ${minutes} minutes`);
        child.kill('SIGKILL');
      },
      minutes * 60 * 1000,
    );
    const done = (status) => {
      clearTimeout(timer);
      resolve(status);
    };
    child.on('error', (error) => {
      console.error(`${command}: ${error.message}`);
      done(1);
    });
    child.on('close', (status) => done(status ?? 1));
  });
}

const programs = {
  biome: ['@biomejs', 'biome', 'bin', 'biome'],
  tsc: ['typescript', 'bin', 'tsc'],
  vite: ['vite', 'bin', 'vite.js'],
  vitest: ['vitest', 'vitest.mjs'],
};

/** Runs the program of an installed package: the file itself, since node_modules/.bin holds shell scripts on Windows. */
export function runPackage(name, args, options) {
  return run(process.execPath, [join(root, 'node_modules', ...programs[name]), ...args], options);
}
