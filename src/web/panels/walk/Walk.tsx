import { memo, useEffect, useMemo } from 'react';
import { walkFigure } from '../../../figures/walk.ts';
import { gridSentence, walkGrid } from '../../../figures/walk-grid.ts';
import { hex } from '../../../figures/words.ts';
import { say, told, worded } from '../../../lib/say.ts';
import type { Ring, RingsView, WalkEntry, WalkView } from '../../../session/views.ts';
import { whenIdle } from '../../ui/after-paint.ts';
import { Figure } from '../../ui/Figure.tsx';
import { useStage, useStageState } from '../../ui/hooks.ts';
import { Scrolled } from '../../ui/Scrolled.tsx';
import { Follow } from './Follow.tsx';

/** The path of one address, as bars, and the entries that were read on the way. */
export const Walk = memo(function Walk({ width, entries }: { readonly width: number; readonly entries: boolean }) {
  const view = useStageState((s) => s.frame?.view.walk ?? null);
  const ended = useStageState((s) => s.frame?.view.ended ?? false);
  const { controller } = useStage();
  useEffect(() => whenIdle(controller.showWalk), [controller]);
  const vm = useStageState((s) => s.frame?.view.who.vm ?? 0);
  const figure = useMemo(() => (view && width > 0 ? walkFigure(view, { width, vm, named: !entries }) : null), [view, width, vm, entries]);
  const kind = useStageState((s) => s.frame?.view.rings.kind ?? 'bare');
  const grid = useMemo(
    () => (view && entries && width > 0 && view.entries.length > 0 ? walkGrid(view, { width, rings: keepers(kind, view.walked) }) : null),
    [view, entries, width, kind],
  );
  return (
    <Scrolled className="pane walk" aria-label={say`Address path`} data-testid="walk">
      {entries && (view || ended) && <Follow view={view} />}
      {!view && ended && <p className="empty">{say`No instruction comes next, so no address is used. Any other can be followed.`}</p>}
      {view && entries && <p className="walk-formed">{formedSentence(view)}</p>}
      {figure && <Figure figure={figure} />}
      {view && grid && (
        <>
          <p className="walk-cost">
            {gridSentence(view)} {say`One cell each, in the order of the numbers; inside is the index.`}
          </p>
          <Figure figure={grid} />
        </>
      )}
      {view && (
        <div className={entries ? 'walk-tables' : 'hidden'}>
          <Entries name={view.tlbHit ? say`A walk would read these` : told(WALKED[view.walked])} entries={view.entries} />
          <Entries name={say`The page itself, in the nested tables`} entries={view.nestedEntries} />
          <Entries name={say`The guest’s own tables`} entries={view.guestEntries} />
          {view.fault && <p className="empty">{view.fault}</p>}
        </div>
      )}
    </Scrolled>
  );
});

/** How segment and offset make the linear address. */
function formedSentence({ what, segment, offset, base, linear }: WalkView): string {
  const name = what.charAt(0).toUpperCase() + what.slice(1);
  if (segment === '') return say`${name}: linear ${hex(linear)}.`;
  return say`${name}: ${segment}:${hex(offset)}, and the segment’s base is ${hex(base)}: linear ${hex(linear)}.`;
}

/** Whose tables they are: a kernel's, or those that a monitor keeps. */
const keepers = (kind: RingsView['kind'], walked: WalkView['walked']): { readonly own: Ring; readonly nested: Ring } => ({
  own: walked === 'shadow' && (kind === 'vmx' || kind === 'svm') ? 'm' : '0',
  nested: 'm',
});

const WALKED: Readonly<Record<WalkView['walked'], string>> = {
  own: worded('Walked'),
  shadow: worded('Walked: shadow tables'),
  nested: worded('Walked: the guest’s own tables, each entry found through the nested ones'),
};

function Entries({ name, entries }: { readonly name: string; readonly entries: readonly WalkEntry[] }) {
  if (entries.length === 0) return null;
  return (
    <table className="entries">
      <caption>{name}</caption>
      <thead>
        <tr>
          <th scope="col">{say`table`}</th>
          <th scope="col">{say`index`}</th>
          <th scope="col">{say`value`}</th>
          <th scope="col">{say`flags`}</th>
        </tr>
      </thead>
      <tbody>
        {rowsOf(entries).map(({ entry, key, within }) => (
          <tr key={key} className={within ? 'within' : undefined}>
            <td>{entry.table}</td>
            <td>{entry.index}</td>
            <td>
              <code>{hex(entry.value)}</code>
            </td>
            <td>{entry.flags}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** In the order in which they are read: before an entry, those of the nested tables that lead to it. */
const rowsOf = (entries: readonly WalkEntry[]) =>
  entries.flatMap((entry, k) => [
    ...entry.nested.map((nested) => ({ entry: nested, key: `${k} ${nested.table}`, within: true })),
    { entry, key: `${k} ${entry.table}`, within: false },
  ]);
