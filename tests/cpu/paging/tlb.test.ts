/** Which translations survive what: SDM vol 3, 4.10.4 and 28.3.3; AMD64 manual vol 2, 15.16. A stale one shows that an entry is still there. */
import { describe, expect, test } from 'vitest';
import { writeCr0, writeCr3, writeCr4 } from '../../../src/cpu/control.ts';
import { CR0_PG, CR0_WP, CR4_PGE, CR4_PSE } from '../../../src/cpu/registers.ts';
import { at, SPACES, STATE_NAMES, segmentAt, tlbAt } from '../../../src/cpu/state.ts';
import {
  enterSpace,
  flushAll,
  flushEpt,
  flushEveryEpt,
  flushId,
  flushOtherIds,
  flushTlb,
  invalidatePage,
  invalidatePageOf,
  leaveSpace,
} from '../../../src/cpu/tlb.ts';
import { FORMAT_EPT, FORMAT_PSE } from '../../../src/cpu/walk/formats.ts';
import { PAGE, Paged, ROOT, TABLE } from './paged.ts';

const P = 1;
const RW = 2;
const PS = 0x80;
const G = 0x100;
const LINEAR = 0x00801000;
const GLOBAL = 0x00802000;
const OTHER = 0x00300000;
const PML4 = 0x180000;
const EPT_POINTER = PML4 | 0x1e;

/** A page and a global page, both of which have been read, and are gone from the tables since. */
class Stale extends Paged {
  constructor(profile = 'haswell') {
    super({ pge: true, pse: true }, profile);
    this.entry(ROOT, 2, TABLE | P | RW);
    for (const root of [PML4, PML4 + 0x3000]) {
      this.wide(root, 0, (root + 0x1000) | 7).wide(root + 0x1000, 0, (root + 0x2000) | 7);
      for (let i = 0; i < 2; i++) this.wide(root + 0x2000, i, (i << 21) | 0xb7);
    }
  }

  fill(): this {
    this.entry(TABLE, 1, PAGE | P | RW).entry(TABLE, 2, PAGE | P | RW | G);
    for (const linear of [LINEAR, GLOBAL]) for (const access of ['read', 'fetch'] as const) this.translate(linear, access);
    return this.entry(TABLE, 1, 0).entry(TABLE, 2, 0);
  }

  /** Whether the page and the global page are still known, as data and as code. */
  get known(): readonly boolean[] {
    return [LINEAR, GLOBAL].flatMap((linear) => (['read', 'fetch'] as const).map((access) => 'physical' in this.translate(linear, access)));
  }
}

const ALL = [true, true, true, true];
const NONE = [false, false, false, false];
const ONLY_GLOBAL = [false, false, true, true];

describe('one address space', () => {
  test.each([
    ['nothing has happened', () => {}, ALL],
    ['MOV CR3', (p: Stale) => writeCr3(p.cpu, ROOT), ONLY_GLOBAL],
    ['MOV CR4 that changes PGE', (p: Stale) => writeCr4(p.cpu, CR4_PSE), NONE],
    ['MOV CR4 that changes PSE', (p: Stale) => writeCr4(p.cpu, CR4_PGE), NONE],
    ['MOV CR4 that changes nothing', (p: Stale) => writeCr4(p.cpu, CR4_PGE | CR4_PSE), ALL],
    ['MOV CR0 that changes WP', (p: Stale) => writeCr0(p.cpu, p.cpu.s[at.cr0] | CR0_WP), ALL],
    ['INVLPG', (p: Stale) => invalidatePage(p.cpu, LINEAR + 5), [false, false, true, true]],
    ['INVLPG of a global page', (p: Stale) => invalidatePage(p.cpu, GLOBAL), [true, true, false, false]],
  ] as const)('%s', (_, happens, known) => {
    const stale = new Stale().fill();
    happens(stale);
    expect(stale.known).toEqual(known);
  });

  test('paging turned off and on', () => {
    const stale = new Stale().fill();
    writeCr0(stale.cpu, stale.cpu.s[at.cr0] & ~CR0_PG);
    writeCr0(stale.cpu, stale.cpu.s[at.cr0] | CR0_PG);
    expect(stale.known).toEqual(NONE);
  });

  test('INVLPG takes a large page with all its fragments', () => {
    const paged = new Paged({ pse: true }).entry(ROOT, 2, 0x00c00000 | P | PS).loaded();
    for (const linear of [0x00801000, 0x00bff000]) paged.translate(linear);
    paged.entry(ROOT, 2, 0);
    invalidatePage(paged.cpu, 0x00900000);
    expect(paged.translate(0x00bff000)).toHaveProperty('fault');
  });

  test('a page found by a reader is walked again for the first write, which sets its dirty flag', () => {
    const paged = new Paged()
      .entry(ROOT, 2, TABLE | P | RW)
      .entry(TABLE, 1, PAGE | P | RW)
      .loaded();
    paged.translate(LINEAR);
    expect(paged.read(TABLE, 1) & 0x60).toBe(0x20);
    paged.translate(LINEAR, 'write');
    expect(paged.read(TABLE, 1) & 0x60).toBe(0x60);
  });
});

describe('VPIDs and EPT', () => {
  const enter = (stale: Stale, vpid: number, root = EPT_POINTER): void => enterSpace(stale.cpu, vpid, FORMAT_EPT, root);

  test('each VPID has its own translations, and finds them again', () => {
    const stale = new Stale();
    enter(stale, 1);
    stale.fill();
    enter(stale, 2);
    expect(stale.known).toEqual(NONE);
    leaveSpace(stale.cpu);
    expect(stale.known).toEqual(NONE);
    enter(stale, 1);
    stale.fill();
    leaveSpace(stale.cpu);
    enter(stale, 1);
    expect(stale.known).toEqual(ALL);
  });

  test('combined translations are of one EPT pointer', () => {
    const stale = new Stale();
    enter(stale, 1);
    stale.fill();
    enter(stale, 1, EPT_POINTER + 0x3000);
    expect(stale.known).toEqual(NONE);
  });

  /** VPIDs 1 and 2 under the same tables, VPID 3 under others, and a guest without EPT whose VPID is 4; the host. */
  const everywhere = (): { stale: Stale; known: () => string } => {
    const stale = new Stale();
    const places: Readonly<Record<string, () => void>> = {
      host: () => leaveSpace(stale.cpu),
      '1': () => enter(stale, 1),
      '2': () => enter(stale, 2),
      '3': () => enter(stale, 3, EPT_POINTER + 0x3000),
      '4': () => enterSpace(stale.cpu, 4, 0, 0),
    };
    const linear = (name: string): number => LINEAR + (name === 'host' ? 0 : Number(name) * 0x10000);
    for (const [name, go] of Object.entries(places)) {
      go();
      stale.entry(TABLE, (linear(name) >>> 12) & 0x3ff, PAGE | P | (name === '2' ? G : 0));
      stale.translate(linear(name));
      stale.entry(TABLE, (linear(name) >>> 12) & 0x3ff, 0);
    }
    leaveSpace(stale.cpu);
    const known = (): string =>
      Object.entries(places)
        .filter(([name, go]) => {
          go();
          return 'physical' in stale.translate(linear(name));
        })
        .map(([name]) => name)
        .sort()
        .join(' ');
    return { stale, known };
  };

  test.each([
    ['nothing', () => {}, '1 2 3 4 host'],
    ['INVVPID of one VPID', (p: Stale) => flushId(p.cpu, 1, false), '2 3 4 host'],
    ['INVVPID of one but for global translations', (p: Stale) => flushId(p.cpu, 2, true), '1 2 3 4 host'],
    ['INVVPID of one address', (p: Stale) => invalidatePageOf(p.cpu, 3, LINEAR + 0x30000), '1 2 4 host'],
    ['INVVPID of all', (p: Stale) => flushOtherIds(p.cpu), 'host'],
    ['INVEPT of one pointer', (p: Stale) => flushEpt(p.cpu, EPT_POINTER), '3 4 host'],
    ['INVEPT of all', (p: Stale) => flushEveryEpt(p.cpu), '4 host'],
    ['MOV CR3 of the host', (p: Stale) => flushTlb(p.cpu, true), '1 2 3 4'],
    ['everything', (p: Stale) => flushAll(p.cpu), ''],
  ] as const)('%s', (_, happens, known) => {
    const all = everywhere();
    happens(all.stale);
    expect(all.known()).toBe(known);
  });

  test('without paging in the guest there are guest-physical translations, which INVVPID leaves and INVEPT does not', () => {
    const stale = new Stale();
    stale.cpu.s[at.cr0] &= ~CR0_PG;
    enter(stale, 1);
    expect(stale.translate(OTHER)).toEqual({ physical: OTHER });
    stale.wide(PML4 + 0x2000, 1, 0);
    flushId(stale.cpu, 1, false);
    flushOtherIds(stale.cpu);
    expect(stale.translate(OTHER)).toEqual({ physical: OTHER });
    flushEpt(stale.cpu, EPT_POINTER);
    expect(stale.translate(OTHER)).toEqual({ intercepted: true });
  });

  test('more address spaces than have a number: the oldest gives its up, the host never', () => {
    const stale = new Stale();
    stale.fill();
    const fresh = (vpid: number): void => {
      enterSpace(stale.cpu, vpid, 0, 0);
      stale.fill();
    };
    for (let vpid = 1; vpid <= SPACES; vpid++) fresh(vpid);
    enterSpace(stale.cpu, SPACES, 0, 0);
    expect(stale.known).toEqual(ALL);
    leaveSpace(stale.cpu);
    expect([...stale.cpu.s.subarray(tlbAt.spaceIds, tlbAt.spaceIds + 2)]).toEqual([0, SPACES]);
  });
});

test('ASIDs: nested paging does not matter to whose translation it is', () => {
  const stale = new Stale('phenom');
  enterSpace(stale.cpu, 5, 0, 0);
  stale.fill();
  leaveSpace(stale.cpu);
  enterSpace(stale.cpu, 5, FORMAT_PSE, ROOT);
  expect(stale.known).toEqual(ALL);
});

test('the TLBs lie behind all else in the arena', () => {
  const last = Math.max(...STATE_NAMES.map((name) => at[name]), segmentAt(7) + 3);
  expect(tlbAt.tags).toBeGreaterThan(last);
  expect(tlbAt.tags % 2).toBe(0);
});
