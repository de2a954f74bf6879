/** The images of ../shared/peers, run unchanged by `rm1 run`. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';

const peers = new URL('../../../../shared/peers/', import.meta.url);

export const peersAreHere = existsSync(new URL('images/', peers));
export const ABSENT = '../shared/peers is not here: skipped';

/** What each image writes last, to the port that ends a virtual machine: the status of `rm1 run`. */
const ENDED = 1;

/** What an image prints, line by line, its last one being END. In a process of its own: as tests are loaded, the bench would take minutes. */
export function printed(image: string, options: readonly string[] = []): readonly string[] {
  const path = fileURLToPath(new URL(`images/${image}`, peers));
  const ran = spawnSync(process.execPath, ['bin/rm1.mjs', 'run', ...options, path], { encoding: 'utf8', maxBuffer: 1 << 24 });
  const lines = ran.stdout.trimEnd().split('\n');
  expect([ran.status, ran.stderr, lines.at(-1)]).toEqual([ENDED, '', 'END']);
  return lines;
}

/** A log of the peers. */
export const peerLines = (file: string): readonly string[] =>
  readFileSync(new URL(`logs/${file}`, peers), 'utf8')
    .trimEnd()
    .split('\n');
