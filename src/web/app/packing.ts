/** In fflate's place in the app (vite.config.ts): it comes behind the first picture, or before that for an address that holds something packed. */
type Fflate = Pick<typeof import('fflate'), 'deflateSync' | 'inflateSync'>;

let loaded: Fflate | null = null;

export async function loadPacking(): Promise<void> {
  loaded ??= await import('fflate/browser');
}

function found(): Fflate {
  if (loaded === null) throw new Error('fflate is not loaded');
  return loaded;
}

export const deflateSync: Fflate['deflateSync'] = (...given) => found().deflateSync(...given);
export const inflateSync: Fflate['inflateSync'] = ((...given: Parameters<Fflate['inflateSync']>) =>
  found().inflateSync(...given)) as Fflate['inflateSync'];
