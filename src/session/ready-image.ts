/** Images assembled when the site is built, so that a page needs neither their sources nor the assembler. */
import type { Assembled, DebugMap } from '../asm/index.ts';

/** Plain data that survives JSON. */
export interface ReadyImage {
  readonly org: number;
  readonly entry: number;
  /** Two hexadecimal digits a byte. */
  readonly bytes: string;
  readonly map: DebugMap;
}

export function packed({ org, entry, image, map }: Assembled): ReadyImage {
  return { org, entry, bytes: Array.from(image, (byte) => byte.toString(16).padStart(2, '0')).join(''), map };
}

export function unpacked({ org, entry, bytes, map }: ReadyImage): Assembled {
  const image = Uint8Array.from({ length: bytes.length / 2 }, (_, k) => Number.parseInt(bytes.slice(2 * k, 2 * k + 2), 16));
  return { ok: true, image, org, entry, symbols: map.symbols, listing: '', map, warnings: [] };
}
