/** In the place of fflate: an embed has it only where its address holds a program. */
import { more } from './with-more.tsx';

type Fflate = typeof import('fflate');

function found() {
  const loaded = more();
  if (!loaded) throw new Error('more.js is not loaded');
  return loaded;
}

export const deflateSync: Fflate['deflateSync'] = (...given: Parameters<Fflate['deflateSync']>) => found().deflateSync(...given);
export const inflateSync = ((...given: Parameters<Fflate['inflateSync']>) => found().inflateSync(...given)) as Fflate['inflateSync'];
