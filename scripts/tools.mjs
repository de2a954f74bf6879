import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { run } from './run.mjs';

const places = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

export function onPath(name) {
  return (process.env.PATH ?? '')
    .split(delimiter)
    .map((folder) => join(folder, name))
    .find(isExecutable);
}

function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

export function findChromium() {
  const chosen = process.env.CHROMIUM_PATH;
  if (chosen) return isExecutable(chosen) ? chosen : undefined;
  return places.find(isExecutable) ?? onPath('chromium') ?? onPath('google-chrome');
}

export function missingTools() {
  const missing = [];
  if (!findChromium()) missing.push('chromium');
  if (!onPath('nasm')) missing.push('nasm');
  return missing;
}

function hasApt() {
  if (process.platform !== 'linux' || !onPath('apt-get')) return false;
  return existsSync('/etc/os-release') && /^ID(_LIKE)?=.*(debian|ubuntu)/m.test(readFileSync('/etc/os-release', 'utf8'));
}

function commandFor(missing) {
  if (hasApt()) return `sudo apt-get update && sudo apt-get install -y ${missing.join(' ')}`;
  if (process.platform === 'darwin') return `brew install ${missing.join(' ')}`;
  if (process.platform === 'win32') return 'winget install Hibbiki.Chromium NASM.NASM';
  return `install ${missing.join(' and ')} with the package manager of this system`;
}

/** Chromium for the browser tests and nasm as the assembler's second opinion. Resolves to the names of what is still missing. */
export async function ensureTools() {
  let missing = missingTools();
  if (missing.length > 0 && hasApt() && process.getuid() === 0) {
    console.log(`Installing ${missing.join(' and ')} (apt-get) ...`);
    const options = { env: { DEBIAN_FRONTEND: 'noninteractive' }, stdio: ['ignore', 'ignore', 'inherit'] };
    await run('apt-get', ['update', '-qq'], options);
    await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...missing], options);
    missing = missingTools();
  }
  if (missing.length > 0) console.error(`Missing: ${missing.join(', ')}. The command: ${commandFor(missing)}`);
  return missing;
}
