/** Pictures as PNG, with the faces of the page, so that they look the same on every machine. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { sfnt, shareFamily } from './woff.ts';

const { resolve } = createRequire(import.meta.url);

const FAMILIES = { inter: 'Inter', 'jetbrains-mono': 'JetBrains Mono' };
const WEIGHTS = [400, 500, 600];

type Drawing = Pick<typeof import('@resvg/resvg-wasm'), 'Resvg'> & { readonly fontBuffers: Uint8Array[] };

let ready: Promise<Drawing> | undefined;

async function prepare(): Promise<Drawing> {
  const { initWasm, Resvg } = await import('@resvg/resvg-wasm');
  await initWasm(readFileSync(resolve('@resvg/resvg-wasm/index_bg.wasm')));
  const fontBuffers = Object.entries(FAMILIES).flatMap(([file, family]) =>
    WEIGHTS.map((weight) => {
      const packed = readFileSync(resolve(`@fontsource/${file}/files/${file}-latin-${weight}-normal.woff`));
      return shareFamily(sfnt(new Uint8Array(packed)), family);
    }),
  );
  return { Resvg, fontBuffers };
}

/** The faces have no arrow; a page takes one from the system. */
const inFaces = (svg: string): string => svg.replaceAll('→', '›');

/** An SVG as PNG, `scale` pixels for each of its own. */
export async function png(svg: string, scale: number): Promise<Uint8Array> {
  ready ??= prepare();
  const { Resvg, fontBuffers } = await ready;
  const font = {
    fontBuffers,
    loadSystemFonts: false,
    defaultFontFamily: 'Inter',
    sansSerifFamily: 'Inter',
    monospaceFamily: 'JetBrains Mono',
  };
  const resvg = new Resvg(inFaces(svg), { fitTo: { mode: 'zoom', value: scale }, font });
  const rendered = resvg.render();
  const bytes = rendered.asPng();
  rendered.free();
  resvg.free();
  return bytes;
}
