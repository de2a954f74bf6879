/** Kernels that were ported to the monitor `para`: what runs there in the place of the unchanged one. Paths in src/guest. */
import { findMultibootHeader } from '../machine/loaders/multiboot.ts';
import type { Vmm } from './views.ts';

export const PORTS: Readonly<Record<string, string>> = {
  'minim/minim.asm': 'minim/para/minim.asm',
  'demo/hostile-attacks.asm': 'demo/para/hostile-attacks.asm',
  'demo/hostile.asm': 'demo/para/hostile.asm',
};

/* PORTED of src/guest/vmm/para/interface.inc, behind the address fields of a Multiboot header. */
const PORTED = 0x61726170;
const BEHIND_ADDRESSES = 32;

/** Whether an image says that it was ported. */
export function isPorted(image: Uint8Array): boolean {
  const note = findMultibootHeader(image) + BEHIND_ADDRESSES;
  if (note < BEHIND_ADDRESSES || note + 4 > image.length) return false;
  return new DataView(image.buffer, image.byteOffset).getUint32(note, true) === PORTED;
}

/** The source that runs under a monitor. */
export const sourceUnder = (source: string, vmm: Vmm): string => (vmm === 'para' ? (PORTS[source] ?? source) : source);
