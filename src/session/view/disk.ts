/** What is asked of a disk: by a kernel of its own, and by its monitor of the real one. */
import { say } from '../../lib/say.ts';
import { Kind } from '../../trace/log.ts';
import type { Stage } from '../stage.ts';
import type { ExitInfo } from '../views.ts';

const IDENTIFY = 0xec;
/** Of VM.ata_state in src/guest/vmm/lib/vata.inc. */
const WANTS = 1;

/** What the log keeps of a command to the disk. */
export interface DiskRequest {
  readonly sector: number;
  /** For which virtual machine, and by what number of its own; 0 for none. */
  readonly vm: number;
  readonly asked: number;
}

/** What the disk's registers name now, and whose request that is by the monitor's own record (docs/debug-map.md); null without a disk. */
export function diskRequest({ machine, images, vms }: Stage): DiskRequest | null {
  const { disk } = machine.board;
  if (disk === null) return null;
  const sector = disk.addressed;
  for (let vm = 1; vm <= vms; vm++)
    if (images.believed(vm, 'VM.ata_state') === WANTS && images.believed(vm, 'VM.ata_real') === sector)
      return { sector, vm, asked: images.believed(vm, 'VM.ata_sector') ?? sector };
  return { sector, vm: 0, asked: sector };
}

export const isRead = (command: number): boolean => (command & ~1) === 0x20;
export const isWrite = (command: number): boolean => (command & ~1) === 0x30;

/** @param subject who executes the OUT, as the subject of a sentence */
export function diskSentence({ log }: Stage, row: number, subject: string): string {
  const [command, sector, vm, asked] = [0, 1, 2, 3].map((k) => log.valueOf(row, k));
  if (command === IDENTIFY)
    return vm === 0 ? '' : say`VM ${vm} asked its disk what it is; ${subject} asks the real one, and will tell the part’s size.`;
  if (isRead(command))
    return vm === 0
      ? say`${subject} asks the disk for sector ${sector}.`
      : say`VM ${vm} asked for sector ${asked} of its disk; ${subject} asks the real one for sector ${sector}.`;
  if (!isWrite(command)) return '';
  return vm === 0
    ? say`${subject} will write sector ${sector} of the disk.`
    : say`VM ${vm} writes sector ${asked} of its disk; ${subject} writes sector ${sector} of the real one.`;
}

/** What the disk was asked between the rows of an exit and of the entry behind it, beside what the guest had asked. */
export function diskInfos({ log, machine }: Stage, exit: number, entry: number): readonly ExitInfo[] {
  const end = entry >= 0 ? entry : log.firstAt(machine.n + 1);
  for (let row = exit + 1; row < end; row++) {
    if (log.kindOf(row) !== Kind.DISK || log.valueOf(row, 2) === 0) continue;
    const [command, sector, vm, asked] = [0, 1, 2, 3].map((k) => log.valueOf(row, k));
    if (!isRead(command) && !isWrite(command)) continue;
    const verb = (of: number): string => (isRead(command) ? say`read sector ${of}` : say`write sector ${of}`);
    return [
      { name: say`Asked by VM ${vm}`, value: verb(asked), fields: [] },
      { name: say`Asked of the disk`, value: verb(sector), fields: [] },
    ];
  }
  return [];
}
