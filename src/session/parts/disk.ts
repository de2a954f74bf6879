/** The disk as what is on it: which sectors hold what, for a file system of minim, and which the last command read or wrote. */
import { say } from '../../lib/say.ts';
import { SECTOR } from '../../machine/devices/ata-disk.ts';
import { Kind } from '../../trace/log.ts';
import { FIRST_FREE, FIRST_OF_DIRECTORY, FIRST_OF_LINKS, isFileSystem, placesOf } from '../minim-disk.ts';
import type { Stage } from '../stage.ts';
import { isRead, isWrite } from '../view/disk.ts';
import type { DiskView, SectorRun } from '../views.ts';

/** Rows of the log that are looked back for a command. */
const MOST = 20_000;

interface Command {
  readonly n: number;
  readonly wrote: boolean;
  readonly sector: number;
  readonly vm: number;
  readonly asked: number;
}

function lastCommand({ log, machine }: Stage): Command | null {
  const end = log.firstAt(machine.n + 1);
  for (let row = end - 1; row >= 0 && row >= end - MOST; row--) {
    if (log.kindOf(row) !== Kind.DISK) continue;
    const [command, sector, vm, asked] = [0, 1, 2, 3].map((k) => log.valueOf(row, k));
    if (isRead(command) || isWrite(command)) return { n: log.stepOf(row), wrote: isWrite(command), sector, vm, asked };
  }
  return null;
}

/** The machine's disk; under a monitor each virtual machine's part of it. */
export function diskViews(stage: Stage): readonly DiskView[] {
  const contents = stage.machine.diskContents;
  if (contents === null || stage.disks === 0) return [];
  const size = contents.length / stage.disks;
  const command = lastCommand(stage);
  return Array.from({ length: stage.disks }, (_, k) => {
    const base = (k * size) / SECTOR;
    const sectors = size / SECTOR;
    const isHere = command !== null && command.sector >= base && command.sector < base + sectors;
    return {
      vm: stage.bare || stage.vms === 0 ? 0 : k + 1,
      base,
      sectors,
      runs: runsOf(contents.subarray(k * size, (k + 1) * size), sectors),
      last: isHere ? command.sector - base : -1,
      wrote: isHere && command.wrote,
    };
  });
}

/** What the last command was, by the guest's number and by the real disk's. */
export function diskSays(stage: Stage): string {
  if (stage.machine.diskContents === null) return say`This machine has no disk.`;
  const command = lastCommand(stage);
  if (command === null) return say`Nothing has been read or written lately.`;
  const { n, wrote, sector, vm, asked } = command;
  const step = String(n);
  if (vm === 0) return wrote ? say`Step ${step}: sector ${sector} was to be written.` : say`Step ${step}: sector ${sector} was asked for.`;
  return wrote
    ? say`Step ${step}: VM ${vm} wrote its sector ${asked}, which is sector ${sector} of the real disk.`
    : say`Step ${step}: VM ${vm} asked for its sector ${asked}, which is sector ${sector} of the real disk.`;
}

const run = (first: number, last: number, what: SectorRun['what'], name = '', size = 0): SectorRun => ({ first, last, what, name, size });

/** Runs of sectors of one disk, in their order. */
export function runsOf(disk: Uint8Array, sectors: number): readonly SectorRun[] {
  if (!isFileSystem(disk)) return [run(0, sectors - 1, 'unknown')];
  const owner = new Map<number, Pick<SectorRun, 'what' | 'name' | 'size'>>();
  for (const { name, kind, size, sectors: own } of placesOf(disk)) for (const sector of own) owner.set(sector, { what: kind, name, size });
  const runs: SectorRun[] = [
    run(0, FIRST_OF_DIRECTORY - 1, 'superblock'),
    run(FIRST_OF_DIRECTORY, FIRST_OF_LINKS - 1, 'directory'),
    run(FIRST_OF_LINKS, FIRST_FREE - 1, 'links'),
  ];
  for (let sector = FIRST_FREE; sector < sectors; sector++) {
    const { what, name, size } = owner.get(sector) ?? { what: 'free' as const, name: '', size: 0 };
    const before = runs[runs.length - 1];
    if (before.what === what && before.name === name) runs[runs.length - 1] = { ...before, last: sector };
    else runs.push(run(sector, sector, what, name, size));
  }
  return runs;
}
