/** The listing: line, address in the section, bytes, source, as NASM prints it. */
import type { Emission } from './emission.ts';
import type { Line } from './preprocess/frames.ts';
import type { Section } from './sections.ts';

const PER_ROW = 9;
const BYTES_WIDTH = PER_ROW * 2 + 1;

const hex = (value: number, digits: number): string => value.toString(16).toUpperCase().padStart(digits, '0');

/** Renders what the final pass read and stored. */
export function renderListing(lines: readonly Line[], emissions: readonly Emission[], sections: readonly Section[]): string {
  const byLine = new Map<Line, Emission[]>();
  for (const emission of emissions) {
    const list = byLine.get(emission.line);
    if (list === undefined) byLine.set(emission.line, [emission]);
    else list.push(emission);
  }
  const out: string[] = [];
  let number = 0;
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i];
    if (line.depth < 0) continue;
    const own = [...(byLine.get(line) ?? [])];
    for (let j = i + 1; j < lines.length && lines[j].depth < 0; j++) own.push(...(byLine.get(lines[j]) ?? []));
    const mark = line.depth > 0 ? `<${line.depth}>`.padStart(4) : '    ';
    const rows = own.flatMap((emission) => emissionRows(emission, sections));
    const source = `${mark} ${line.source.text}`;
    const prefix = String(++number).padStart(6);
    if (rows.length === 0) out.push(`${prefix} ${' '.repeat(9 + BYTES_WIDTH)}${source}`.trimEnd());
    rows.forEach((row, k) => {
      out.push(`${prefix} ${k === 0 ? row.padEnd(9 + BYTES_WIDTH) + source : row}`.trimEnd());
    });
  }
  return out.length === 0 ? '' : `${out.join('\n')}\n`;
}

function emissionRows(emission: Emission, sections: readonly Section[]): string[] {
  const { offset, length, kind } = emission;
  const section = emission.absolute ? undefined : sections[emission.section >> 1];
  if (section === undefined || section.kind === 'nobits' || kind === 'reserve') return [`${hex(offset, 8)} <res ${hex(length, 0)}h>`];
  const rows: string[] = [];
  const shown = Math.min(length, PER_ROW * 8);
  for (let at = 0; at < shown; at += PER_ROW) {
    const bytes = section.bytes.subarray(offset + at, offset + Math.min(at + PER_ROW, shown));
    const more = at + PER_ROW < length ? '-' : '';
    rows.push(`${hex(offset + at, 8)} ${[...bytes].map((b) => hex(b, 2)).join('')}${more}`);
  }
  if (shown < length) rows.push(`${hex(offset + shown, 8)} <${length - shown} more bytes>`);
  return rows;
}
