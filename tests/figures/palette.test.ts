import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { dark, light, type Palette } from '../../src/figures/palette.ts';
import { figureStyle } from '../../src/figures/style.ts';
import { standaloneStyle } from '../../src/figures/style-standalone.ts';
import { node } from '../../src/figures/tree.ts';

const styles = new URL('../../src/web/styles/', import.meta.url);
const css = (name: string) => readFileSync(new URL(name, styles), 'utf8');

function luminance(color: string): number {
  const [r, g, b] = [1, 3, 5].map((i) => {
    const v = Number.parseInt(color.slice(i, i + 2), 16) / 255;
    return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
}

function contrast(a: string, b: string): number {
  const [x, y] = [luminance(a), luminance(b)].sort((p, q) => q - p);
  return (x! + 0.05) / (y! + 0.05);
}

describe.each([
  ['light', light],
  ['dark', dark],
] as readonly (readonly [string, Palette])[])('the %s palette', (theme, palette) => {
  const color = (name: string) => palette[name]!;

  test('is the one of tokens.css', () => {
    const tokens = css('tokens.css');
    for (const [name, value] of Object.entries(palette)) {
      const match = new RegExp(`--rm-${name}:\\s*light-dark\\((#\\w{6}),\\s*(#\\w{6})\\)`).exec(tokens);
      expect(match?.[theme === 'light' ? 1 : 2], name).toBe(value);
    }
  });

  test('text is readable on everything it stands on', () => {
    for (const ink of ['ink', 'ink-2', 'ink-3']) {
      for (const ground of ['paper', 'sunk', 'raised'])
        expect(contrast(color(ink), color(ground)), `${ink} on ${ground}`).toBeGreaterThanOrEqual(4.5);
    }
    for (const ring of ['r3', 'r2', 'r1', 'r0', 'rm']) {
      for (const ground of ['paper', 'sunk', 'raised', 'select', `${ring}-tint`, `${ring}-live`]) {
        expect(contrast(color(`${ring}-ink`), color(ground)), `${ring}-ink on ${ground}`).toBeGreaterThanOrEqual(4.5);
      }
      expect(contrast(color('ink'), color(`${ring}-live`)), `ink on ${ring}-live`).toBeGreaterThanOrEqual(4.5);
    }
  });

  test('marks stand out', () => {
    for (const mark of ['r3', 'r1', 'r0', 'rm', 'edge', 'ink'])
      expect(contrast(color(mark), color('paper')), mark).toBeGreaterThanOrEqual(3);
  });

  test('a picture that stands alone names no variable', () => {
    const classes = [...figureStyle.matchAll(/\.([\w-]+)/g)].map(([, name]) => name).join(' ');
    const style = standaloneStyle(theme as 'light' | 'dark', [node('g', { class: classes })]);
    expect(style).toContain('.cell.r3.live');
    expect(style).not.toContain('var(');
  });
});

test('no text is smaller than 12 px', () => {
  const sheets = ['base', 'layout', 'header', 'stage', 'stream', 'state', 'bottom', 'notices'].map((name) => css(`${name}.css`));
  for (const text of [...sheets, figureStyle]) {
    for (const [, size] of text.matchAll(/(?:font-size:\s*|font:\s*(?:\d+\s+)?)(\d+(?:\.\d+)?)px/g))
      expect(Number(size)).toBeGreaterThanOrEqual(12);
  }
});
