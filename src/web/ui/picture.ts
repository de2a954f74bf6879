import { animation, illustration, strip } from '../../figures/illustration.ts';
import type { Numbers } from '../../figures/numbers.ts';
import type { Panel } from '../../figures/panel.ts';
import { say } from '../../lib/say.ts';
import type { StageView } from '../../session/views.ts';

/** How long each step of an animation stands. */
const SECONDS = 2;

export interface PictureOptions {
  readonly title: string;
  readonly panel: Panel;
  readonly theme: 'light' | 'dark';
  readonly link: string;
  readonly numbers?: Numbers;
}

/** A step as SVG: the text that `rm1 figure` writes. */
export const svgOf = (view: StageView, options: PictureOptions): string => illustration(view, options);

/** Several steps as a numbered strip. */
export const stripOf = (views: readonly StageView[], options: PictureOptions): string => strip(views, options);

/** Several steps in turn: the text that `rm1 figure --animate` writes. */
export const animationOf = (views: readonly StageView[], options: PictureOptions): string =>
  animation(views, { ...options, seconds: SECONDS });

/** An SVG as PNG, drawn by the browser; `scale` is pixels of the PNG per pixel of the picture. */
export async function pngOf(svg: string, scale: number): Promise<Blob> {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  const canvas = document.createElement('canvas');
  canvas.width = Math.ceil(image.naturalWidth * scale);
  canvas.height = Math.ceil(image.naturalHeight * scale);
  canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve, reject) =>
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error(say`this browser draws no PNG`))), 'image/png'),
  );
}
