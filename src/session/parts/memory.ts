/** Bytes of memory or of the disk, what lies there, and what the last step changed. */
import { peekTranslate } from '../../cpu/peek.ts';
import { CR0_PG, RIGHTS_UNUSABLE } from '../../cpu/registers.ts';
import { at } from '../../cpu/state.ts';
import { hasBlock } from '../../cpu/virt/block.ts';
import { hex8 } from '../../lib/hex.ts';
import { say } from '../../lib/say.ts';
import { SECTOR } from '../../machine/devices/ata-disk.ts';
import type { Stage } from '../stage.ts';
import type { MemorySpan, MemoryView, Space } from '../views.ts';
import { Landmarks } from './landmarks.ts';

/** Bytes shown. */
const SHOWN = 256;
/** It begins where a row of the dump does. */
const ROW = 16;
/** What lies there is asked for so many bytes at once. */
const GRAIN = 4;
const TWO_32 = 0x1_0000_0000;

/** The virtual machine whose memory is meant by a guest-physical address; 0: there is none. */
function guestOf({ log, images, vms }: Stage): number {
  const vm = log.runningVm() || log.currentVm() || (vms > 0 ? 1 : 0);
  return vm > 0 && images.memoryOf(vm) !== null ? vm : 0;
}

/** Bytes of a space, by where they lie. */
interface Source {
  readonly bytes: Uint8Array;
  /** Place in `bytes` of an address, or -1. */
  readonly place: (address: number) => number;
  readonly size: number;
  readonly note: string;
}

function sourceOf(stage: Stage, space: Space): Source {
  const { machine, images } = stage;
  const { cpu, ram } = machine;
  if (space === 'disk') {
    const bytes = machine.diskContents ?? new Uint8Array(0);
    return { bytes, place: (address) => (address < bytes.length ? address : -1), size: bytes.length, note: say`The disk ends there.` };
  }
  const within = (physical: number): number => (physical >= 0 && physical < ram.size ? physical : -1);
  if (space === 'physical') return { bytes: ram.bytes, place: within, size: TWO_32, note: say`There is no RAM.` };
  if (space === 'guest-physical') {
    const vm = guestOf(stage);
    const memory = images.memoryOf(vm);
    const size = memory?.size ?? 0;
    return {
      bytes: ram.bytes,
      place: (address) => (memory === null || address >= size ? -1 : within(memory.base + address)),
      size: TWO_32,
      note: say`VM ${vm} has ${size / 1024 / 1024} MiB of memory; nothing is there.`,
    };
  }
  const paged = (cpu.s[at.cr0] & CR0_PG) !== 0;
  return {
    bytes: ram.bytes,
    place: (address) => within(peekTranslate(cpu, address | 0, false)),
    size: TWO_32,
    note: paged ? say`No page of RAM is mapped there.` : say`There is no RAM.`,
  };
}

/** Spaces in which an address of this machine can be meant. */
function spacesOf(stage: Stage): readonly Space[] {
  return [
    'linear',
    ...(guestOf(stage) > 0 ? (['guest-physical'] as const) : []),
    'physical',
    ...(stage.machine.diskContents !== null ? (['disk'] as const) : []),
  ];
}

/** @param running what the last step changed is not worth finding out */
export function memoryView(stage: Stage, space: Space, address: number, running: boolean): MemoryView {
  const spaces = spacesOf(stage);
  const meant = spaces.includes(space) ? space : 'physical';
  const source = sourceOf(stage, meant);
  const last = Math.max(0, Math.min(source.size, TWO_32) - SHOWN);
  const wanted = Number.isFinite(address) ? Math.floor(address / ROW) * ROW : 0;
  const first = Math.min(last, Math.max(0, wanted));
  const places = Array.from({ length: Math.min(SHOWN, source.size - first) }, (_, k) => source.place(first + k));
  const bytes = places.map((place) => (place < 0 ? -1 : source.bytes[place]));
  const missing = places.findIndex((place) => place < 0);
  return {
    part: 'memory',
    space: meant,
    address: first,
    physical: meant === 'disk' ? Math.floor(first / SECTOR) : (places[0] ?? -1),
    bytes,
    spans: meant === 'disk' ? [] : spansOf(stage, places),
    changed: running ? [] : changedBy(stage, meant, places, bytes),
    note: missing < 0 ? '' : say`From ${hex8(first + missing)}: ${source.note}`,
    spaces,
    places: pointers(stage),
  };
}

/** Where the registers point that are worth a look. */
function pointers({ machine }: Stage): MemoryView['places'] {
  const { cpu } = machine;
  const { s } = cpu;
  const linear = (name: string, address: number) => ({ name, space: 'linear' as const, address: address >>> 0 });
  const isNested = s[at.nestedFormat] !== 0;
  return [
    linear('CS:EIP', s[at.csBase] + s[at.eip]),
    linear('SS:ESP', s[at.ssBase] + s[at.esp]),
    linear('GDTR', s[at.gdtrBase]),
    linear('IDTR', s[at.idtrBase]),
    ...((s[at.trRights] & RIGHTS_UNUSABLE) === 0 && s[at.trBase] !== 0 ? [linear('TR', s[at.trBase])] : []),
    ...((s[at.cr0] & CR0_PG) !== 0
      ? [{ name: 'CR3', space: isNested ? ('guest-physical' as const) : ('physical' as const), address: (s[at.cr3] & ~0xfff) >>> 0 }]
      : []),
    ...(hasBlock(cpu)
      ? [{ name: cpu.virt?.vendor === 'vmx' ? 'VMCS' : 'VMCB', space: 'physical' as const, address: s[at.vmcsPointer] >>> 0 }]
      : []),
  ];
}

/** Which bytes are others than before the last step: those of the same places in RAM, whatever was mapped then. */
function changedBy(stage: Stage, space: Space, places: readonly number[], bytes: readonly number[]): readonly number[] {
  const { history, machine } = stage;
  const { n } = machine;
  if (n === 0) return [];
  history.seek(n - 1);
  const before = space === 'disk' ? (machine.diskContents ?? new Uint8Array(0)) : machine.ram.bytes;
  const changed = places.flatMap((place, k) => (place >= 0 && before[place] !== bytes[k] ? [k] : []));
  history.seek(n);
  return changed;
}

function spansOf(stage: Stage, places: readonly number[]): readonly MemorySpan[] {
  const landmarks = new Landmarks(stage);
  const spans: MemorySpan[] = [];
  for (let k = 0; k < places.length; k += GRAIN) {
    const what = places[k] < 0 ? '' : landmarks.at(places[k]);
    const before = spans[spans.length - 1];
    if (what === '') continue;
    if (before !== undefined && before.what === what && before.to === k - 1) spans[spans.length - 1] = { ...before, to: k + GRAIN - 1 };
    else spans.push({ from: k, to: k + GRAIN - 1, what });
  }
  return spans;
}
