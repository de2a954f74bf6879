/** What the gallery shows of a lesson beside its words: where it begins, and on which machine. */
import type { Lesson, PageClaim } from '../../../lessons/lesson.ts';
import { say, told, worded } from '../../../lib/say.ts';
import type { Paging, Ring, RingsView, ScenarioView, Vmm } from '../../../session/views.ts';

export interface Opening {
  readonly kind: RingsView['kind'];
  readonly vms: number;
  /** Where the processor is first said to be; null where no page says so of a cell that the glyph has. */
  readonly hot: { readonly vm: number; readonly ring: Ring } | null;
  /** `VT-x · Nested paging · 6 pages` */
  readonly note: string;
}

/** Without a kind here: the monitor is in ring −1. */
const KINDS: Readonly<Partial<Record<Vmm, RingsView['kind']>>> = {
  none: 'bare',
  peer: 'bare',
  trap: 'ring0',
  translate: 'ring0',
  para: 'ring0',
};

const PAGINGS: Readonly<Record<Paging, string>> = { shadow: worded('Shadow paging'), nested: worded('Nested paging') };

/** The glyph has no more. */
const MOST_VMS = 3;

export function openingOf(lesson: Lesson, scenario: ScenarioView | undefined): Opening {
  const vmm = lesson.vmm ?? scenario?.vmm ?? 'none';
  const kind = KINDS[vmm] ?? 'vmx';
  const technique = scenario?.techniques.find(({ id }) => id === vmm)?.title;
  const paging = lesson.paging && told(PAGINGS[lesson.paging]);
  return {
    kind,
    vms: kind === 'bare' ? 1 : Math.min(MOST_VMS, lesson.vms ?? scenario?.vms ?? 1),
    hot: hotOf(lesson, kind),
    note: [technique, paging, say`${lesson.pages.length} pages`].filter((part) => part !== undefined).join(' · '),
  };
}

/** Ring 0 of the machine itself, under a monitor in ring −1, is none of the glyph's cells. */
function hotOf({ pages }: Lesson, kind: RingsView['kind']): Opening['hot'] {
  for (const { claims } of pages) {
    const ring = claimed(claims, 'ring') as Ring | undefined;
    const vm = kind === 'bare' ? 1 : Number(claimed(claims, 'vm') ?? 0);
    if (ring === undefined) continue;
    if (vm > 0 || ring === 'm' || kind === 'ring0') return { vm: Math.max(1, vm), ring };
  }
  return null;
}

const claimed = (claims: readonly PageClaim[], about: PageClaim['about']): string | undefined =>
  claims.find((claim) => claim.about === about && !claim.after)?.value;
