/** Where a page's generator comes from, and how its programs are run. */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../run.mjs';
import { onPath } from '../tools.mjs';

/** Outside of the repository, whose package.json and node_modules a generator would take for its own. */
export const sites = join(tmpdir(), 'ringminusone-sites');

/** Runs a program in a folder; resolves to what it said, and throws with the end of that. */
export const runIn =
  (folder) =>
  (program, ...args) =>
    new Promise((resolve, reject) => {
      const child = spawn(program, args, { cwd: folder, env: { ...process.env, NODE_ENV: 'production', DO_NOT_TRACK: '1' } });
      const said = { stdout: '', stderr: '' };
      for (const name of ['stdout', 'stderr']) child[name].on('data', (text) => (said[name] += text));
      child.on('error', reject);
      child.on('close', (status) => {
        if (status === 0) resolve(said.stdout);
        else reject(new Error(`${program} ended with ${status}:\n${(said.stdout + said.stderr).slice(-4000)}`));
      });
    });

/** Starts a server in a folder and waits until `isUp()`; gives how to end it, which waits until it has. */
export async function started(folder, isUp, program, ...args) {
  const child = spawn(program, args, { cwd: folder, stdio: 'ignore' });
  const over = new Promise((resolve) => child.on('close', resolve).on('error', resolve));
  for (let tries = 0; !(await isUp()); tries++) {
    if (child.exitCode !== null || tries === 300) throw new Error(`${program} did not come up`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return async () => {
    child.kill();
    await over;
  };
}

/** A port that nobody listens at now. */
export const freePort = () =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });

let packed;

/** Our own package, as `npm publish` would send it; the path of the archive. */
async function archive() {
  packed ??= runIn(root)('npm', 'pack', '--silent', '--pack-destination', sites).then((said) =>
    join(sites, said.trim().split('\n').at(-1)),
  );
  return packed;
}

const versionIn = (folder, name) => {
  try {
    return JSON.parse(readFileSync(join(folder, 'node_modules', name, 'package.json'), 'utf8')).version;
  } catch {
    return '';
  }
};

/**
 * Brings what a kind is made with into its folder. Gives the versions in use, or what is missing.
 *
 * @param debian by package, the program on the path or the file that tells that it is there
 */
export async function prepared(folder, { npm = [], debian = {}, ours = false }) {
  const missing = Object.keys(debian).filter((name) => !(debian[name].startsWith('/') ? existsSync(debian[name]) : onPath(debian[name])));
  if (missing.length > 0)
    return { versions: '', missing: `not on this machine: apt-get install --no-install-recommends ${missing.join(' ')}` };
  const wanted = npm.map((name) => /^(@?[^@]+)@(.*)$/.exec(name).slice(1));
  /* npm takes away what a command does not name, so it names all. */
  const install = ours || !wanted.every(([name, version]) => versionIn(folder, name).startsWith(version)) ? [...npm] : [];
  if (ours) install.push(await archive());
  if (install.length > 0) await runIn(folder)('npm', 'install', '--ignore-scripts', '--no-audit', '--no-fund', ...install);
  const versions = wanted.map(([name]) => `${name} ${versionIn(folder, name)}`);
  for (const name of Object.keys(debian)) versions.push(`${name} ${await debianVersion(name)}`);
  return { versions: versions.join(', '), missing: '' };
}

async function debianVersion(name) {
  try {
    return /^Version: (?:\d+:)?([^-+~]+)/m.exec(await runIn(root)('dpkg', '--status', name))[1];
  } catch {
    return '(of this machine)';
  }
}
