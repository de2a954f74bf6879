/** In the place of ../app/packed.ts: an embed packs and unpacks only where its address holds more than parameters, or something was typed. */
import { MORE } from './with-more.tsx';

type Packing = typeof import('../app/packed.ts');

function found() {
  const loaded = MORE.found();
  if (!loaded) throw new Error('more.js is not loaded');
  return loaded;
}

export const pack: Packing['pack'] = (packed) => found().pack(packed);
export const unpack: Packing['unpack'] = (value) => found().unpack(value);
