/** An image on the machines of others: Debian's Bochs and QEMU, without a screen, the serial line in a file. */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GEOMETRY } from './images.ts';

export type PeerName = 'bochs' | 'qemu';

/** A peer that has printed nothing new for this long will not print more; until it has printed anything it may be waiting for a busy machine. */
const IDLE_SECONDS = 12;
const START_SECONDS = 180;
const SERIAL = 'serial.txt';
const BOCHS = '/usr/bin/bochs-bin';
const QEMU = '/usr/bin/qemu-system-x86_64';
const PLUGINS = '/usr/lib/x86_64-linux-gnu/bochs/plugins';
const BIOS = '/usr/share/bochs/BIOS-bochs-latest';

/** What is missing for a peer, or undefined. */
export const missing = (peer: PeerName): string | undefined =>
  (peer === 'bochs' ? [BOCHS, BIOS] : [QEMU]).find((file) => !existsSync(file));

const { cylinders, heads, sectors } = GEOMETRY;

/* The rfb display does not wait for a viewer; a triple fault of ours shall not start again. */
const bochsrc = (model: string): string => `config_interface: textconfig
display_library: rfb, options="timeout=0"
romimage: file=${BIOS}
vgaromimage: file=/usr/share/bochs/VGABIOS-lgpl-latest
cpu: model=${model}, count=1, ips=50000000, reset_on_triple_fault=0, ignore_bad_msrs=0
megs: 64
ata0: enabled=1, ioaddr1=0x1f0, ioaddr2=0x3f0, irq=14
ata0-master: type=disk, path=disk.img, mode=volatile, cylinders=${cylinders}, heads=${heads}, spt=${sectors}, translation=none
boot: disk
com1: enabled=1, mode=file, dev=${SERIAL}
clock: sync=none, time0=946684800
log: log.txt
panic: action=fatal
error: action=report
info: action=ignore
debug: action=ignore
sound: driver=dummy
`;

function runBochs(folder: string, model: string): Promise<void> {
  writeFileSync(join(folder, 'bochsrc.txt'), bochsrc(model));
  writeFileSync(join(folder, 'commands.txt'), 'c\nquit\n');
  return runProgram(BOCHS, ['-q', '-f', 'bochsrc.txt', '-rc', 'commands.txt'], folder, { LTDL_LIBRARY_PATH: PLUGINS });
}

function runQemu(folder: string, model: string): Promise<void> {
  const quiet = ['-display', 'none', '-monitor', 'none', '-serial', `file:${SERIAL}`, '-net', 'none', '-no-reboot'];
  const exit = ['-device', 'isa-debug-exit,iobase=0x501,iosize=1'];
  const disk = ['-drive', 'file=disk.img,format=raw,if=ide,snapshot=on'];
  return runProgram(QEMU, ['-accel', 'tcg', '-cpu', model, '-m', '64', ...quiet, ...exit, ...disk], folder, {});
}

function runProgram(program: string, args: readonly string[], cwd: string, env: Readonly<Record<string, string>>): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, env: { ...process.env, ...env }, stdio: 'ignore' });
    const started = performance.now();
    let printed = 0;
    const watch = setInterval(() => {
      const size = statSync(join(cwd, SERIAL), { throwIfNoEntry: false })?.size ?? 0;
      const waits = size === 0 && performance.now() - started < START_SECONDS * 1000;
      if (size === printed && !waits) child.kill('SIGKILL');
      printed = size;
    }, IDLE_SECONDS * 1000);
    child.on('error', reject);
    child.on('close', () => {
      clearInterval(watch);
      resolve();
    });
  });
}

/** What the disk's image prints on a peer's processor. */
export async function runPeer(peer: PeerName, model: string, disk: Uint8Array): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'differential-'));
  try {
    writeFileSync(join(folder, 'disk.img'), disk);
    await (peer === 'bochs' ? runBochs : runQemu)(folder, model);
    const serial = join(folder, SERIAL);
    return existsSync(serial) ? readFileSync(serial, 'latin1').trimEnd().split('\n') : [];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
