import { hex } from '../../../figures/words.ts';
import { say } from '../../../lib/say.ts';
import type { StopView } from '../../../session/views.ts';
import { readAddress } from '../../ui/read-address.ts';

/** `before mov cr3, eax at C0101A55, VM 1` */
export function stopText({ kind, vm, address, size, text }: StopView): string {
  const at = hex(address);
  if (kind === 'instruction') {
    const what = text || say`the instruction`;
    if (vm < 0) return say`before ${what}, at ${at} in any virtual machine`;
    return vm > 0 ? say`before ${what} at ${at}, VM ${vm}` : say`before ${what} at ${at}`;
  }
  const bytes = size === 1 ? say`1 byte` : say`${size} bytes`;
  if (text === 'physical') return say`after a write to ${bytes} at physical ${at}`;
  return vm > 0
    ? say`after a write to ${bytes} at ${at}, VM ${vm} (physical ${text})`
    : say`after a write to ${bytes} at ${at} (physical ${text})`;
}

export type Asked = { readonly address: number; readonly size: number } | { readonly problem: string };

const MOST = 4096;

/** What two fields ask for: an address in hex, bytes as a plain number. */
export function readWatch(address: string, size: string): Asked {
  const first = readAddress(address);
  if (first === null) return { problem: say`“${address.trim()}” is no address: expected hex digits, such as C0104000.` };
  const bytes = Number(size.trim());
  if (!/^\d{1,4}$/.test(size.trim()) || bytes < 1 || bytes > MOST)
    return { problem: say`“${size.trim()}” bytes cannot be watched: expected 1 to ${MOST}.` };
  return { address: first, size: bytes };
}
