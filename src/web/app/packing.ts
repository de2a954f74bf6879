/** In the place of packed.ts in the app (vite.config.ts): it comes behind the first picture, or before that for an address that holds something packed. */
type Packing = Pick<typeof import('../app/packed.ts'), 'pack' | 'unpack'>;

let loaded: Packing | null = null;

export async function loadPacking(): Promise<void> {
  loaded ??= await import('../app/packed.ts');
}

function found(): Packing {
  if (loaded === null) throw new Error('packed.ts is not loaded');
  return loaded;
}

export const pack: Packing['pack'] = (packed) => found().pack(packed);
export const unpack: Packing['unpack'] = (value) => found().unpack(value);
