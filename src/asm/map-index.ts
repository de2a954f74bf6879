import type { DebugMap, MapGoal, MapLabel, MapSection, MapSpan, MapSymbol } from './debug-map.ts';
import { NO_ROLE, type RoleName } from './role.ts';

/** What is known about one address. */
export interface MapPlace {
  readonly section: string;
  readonly span: MapSpan | undefined;
  /** `switch.asm:41`; empty without a line. */
  readonly source: string;
  readonly comment: string;
  /** The label that stands exactly here, local or not, without the name it belongs to: `.again`. */
  readonly label: string;
  /** The nearest label at or before it that is not local. */
  readonly function: string;
  readonly role: RoleName;
  /** Of a program. */
  readonly name: string;
  /** What this part of the function is for; empty when the source does not say. */
  readonly goal: string;
}

/** Finds places in a map fast. */
export class MapIndex {
  readonly map: DebugMap;
  readonly #symbols: ReadonlyMap<string, MapSymbol>;
  readonly #goals: ReadonlyMap<string, readonly MapGoal[]>;

  constructor(map: DebugMap) {
    this.map = map;
    this.#symbols = new Map(map.symbols.map((symbol) => [symbol.name, symbol]));
    const goals = (section: MapSection): MapGoal[] =>
      map.goals.filter((goal) => goal.section === section.name).sort((a, b) => a.address - b.address);
    this.#goals = new Map(map.sections.map((section) => [section.name, goals(section)]));
  }

  symbol(name: string): MapSymbol | undefined {
    return this.#symbols.get(name);
  }

  /** By where the code runs. Where sections share addresses, the one stored first; ask by offset to be sure. */
  at(address: number): MapPlace | undefined {
    const section = this.map.sections.find((s) => address >= s.address && address < s.address + s.size);
    return section && this.#place(section, address);
  }

  /** Every place that runs at an address. */
  allAt(address: number): readonly MapPlace[] {
    return this.map.sections.filter((s) => address >= s.address && address < s.address + s.size).map((s) => this.#place(s, address));
  }

  /** By the byte of the image. */
  atOffset(offset: number): MapPlace | undefined {
    const section = this.map.sections.find((s) => s.offset >= 0 && offset >= s.offset && offset < s.offset + s.size);
    return section && this.#place(section, section.address + offset - section.offset);
  }

  /** The label that stands exactly at an address, in full; undefined when none does. */
  labelAt(address: number): string | undefined {
    let atAnEnd: string | undefined;
    for (const { labels, address: start, size } of this.map.sections) {
      const label = labelHere(labels, address);
      if (label !== undefined && address < start + size) return label.name;
      atAnEnd ??= label?.name;
    }
    return atAnEnd;
  }

  #goal(section: MapSection, address: number, functionStart: number): string {
    const goals = this.#goals.get(section.name) ?? [];
    const goal = goals[lastAtOrBefore(goals, address)];
    return goal !== undefined && goal.address >= functionStart ? goal.text : '';
  }

  #place(section: MapSection, address: number): MapPlace {
    const { spans, labels, roles } = section;
    const i = lastAtOrBefore(spans, address);
    const found = i >= 0 && address < spans[i].address + spans[i].length ? spans[i] : undefined;
    let l = lastAtOrBefore(labels, address);
    const here = labelHere(labels, address);
    while (l >= 0 && labels[l].local) l--;
    const role = roles[lastAtOrBefore(roles, address)] ?? NO_ROLE;
    return {
      section: section.name,
      span: found,
      source: found === undefined ? '' : `${baseName(this.map.files[found.file])}:${found.line}`,
      comment: found?.comment ?? '',
      label: here === undefined ? '' : here.local ? here.name.slice(here.name.indexOf('.')) : here.name,
      function: l < 0 ? '' : labels[l].name,
      role: role.role,
      name: role.name,
      goal: this.#goal(section, address, l < 0 ? section.address : labels[l].address),
    };
  }
}

/** Of several labels at one address the last, which stands next to what is there; a local one only when there is no other. */
function labelHere(labels: readonly MapLabel[], address: number): MapLabel | undefined {
  const last = lastAtOrBefore(labels, address);
  let k = last;
  while (k >= 0 && labels[k].address === address && labels[k].local) k--;
  if (k >= 0 && labels[k].address === address) return labels[k];
  return last >= 0 && labels[last].address === address ? labels[last] : undefined;
}

const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** Index of the last entry whose address is not above; -1 when all are. */
function lastAtOrBefore(entries: readonly { readonly address: number }[], address: number): number {
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (entries[middle].address <= address) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
