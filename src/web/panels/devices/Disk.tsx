import { memo } from 'react';
import { diskFigure } from '../../../figures/disk.ts';
import { count } from '../../../figures/words.ts';
import { say } from '../../../lib/say.ts';
import type { DiskView, SectorRun } from '../../../session/views.ts';
import { Figure } from '../../ui/Figure.tsx';
import { useStage } from '../../ui/hooks.ts';

const SECTOR = 512;

/** A disk, or a virtual machine's part of it: a square for each sector, and what each run of them holds. */
export const Disk = memo(function Disk({ disk, width }: { readonly disk: DiskView; readonly width: number }) {
  const { controller } = useStage();
  const title = disk.vm === 0 ? say`${disk.sectors} sectors` : say`VM ${disk.vm}’s part, from sector ${disk.base} of the real disk`;
  return (
    <details className="part-group" open={disk.last >= 0 || disk.base === 0}>
      <summary>{title}</summary>
      {width > 0 && <Figure figure={diskFigure(disk, width, '')} hidden />}
      <table className="part-table sectors">
        <caption className="hidden">{title}</caption>
        <thead>
          <tr>
            <th scope="col">{say`sectors`}</th>
            <th scope="col">{say`hold`}</th>
            <th scope="col">
              <span className="hidden">{say`bytes`}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {disk.runs.map((run) => {
            const isLast = disk.last >= run.first && disk.last <= run.last;
            return (
              <tr key={run.first} className={isLast ? 'lit' : undefined}>
                <th scope="row">
                  <button
                    type="button"
                    title={say`Look at the bytes`}
                    onClick={() => controller.lookAt({ space: 'disk', address: (disk.base + (isLast ? disk.last : run.first)) * SECTOR })}
                  >
                    {run.first === run.last ? run.first : `${run.first}–${run.last}`}
                  </button>
                </th>
                <td>
                  {holds(run)}
                  {isLast && <span className="sub">{disk.wrote ? say`${disk.last} written last` : say`${disk.last} read last`}</span>}
                </td>
                <td>{run.size > 0 ? count(run.size) : ''}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </details>
  );
});

function holds({ what, name }: SectorRun): string {
  switch (what) {
    case 'superblock':
      return say`superblock`;
    case 'directory':
      return say`directory`;
    case 'links':
      return say`links from sector to sector`;
    case 'program':
      return say`${name}, a program`;
    case 'module':
      return say`${name}, a module`;
    case 'text':
      return say`${name}, a text`;
    case 'free':
      return say`free`;
    case 'unknown':
      return say`no file system that is known here`;
  }
}
