/** From a line of a source to the instruction that it has become. */
import type { DebugMap, MapSection, MapSpan } from '../asm/index.ts';
import { ANY_VM, type GuestAddress } from './arrivals.ts';
import type { Images } from './images.ts';

interface Found {
  readonly section: MapSection;
  readonly span: MapSpan;
}

/** The first instruction at a line, or at the next line that has one. */
function instructionAtLine(map: DebugMap, path: string, line: number): Found | null {
  const file = map.files.indexOf(path);
  let best: Found | null = null;
  for (const section of map.sections)
    for (const span of section.spans) {
      if (span.kind !== 'instruction' || span.file !== file || span.line < line) continue;
      if (best === null || span.line < best.span.line || (span.line === best.span.line && span.address < best.span.address))
        best = { section, span };
    }
  return best;
}

const programAt = ({ section, span }: Found): string => {
  const role = section.roles.filter(({ address }) => address <= span.address).at(-1);
  return role?.role === 'program' ? role.name : '';
};

/** Where a line of a source lies, in whichever virtual machine; null when nothing that is loaded has an instruction there or behind. */
export function addressOfLine({ own, guest }: Images, path: string, line: number): (GuestAddress & { readonly line: number }) | null {
  for (const [image, vm] of [
    [guest, ANY_VM],
    [own, 0],
  ] as const) {
    const found = image === null ? null : instructionAtLine(image.map, path, line);
    if (found !== null) return { vm, linear: found.span.address >>> 0, program: programAt(found), line: found.span.line };
  }
  return null;
}
