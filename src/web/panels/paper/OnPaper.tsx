import { count } from '../../../figures/words.ts';
import { say } from '../../../lib/say.ts';
import { useStageState } from '../../ui/hooks.ts';

/** What a printed stage shows: which machine this is, under what, and at which step. On the screen the header and the transport say it. */
export function OnPaper() {
  const frame = useStageState((s) => s.frame);
  const scenario = useStageState((s) => s.scenarios.find(({ id }) => id === frame?.scenario) ?? null);
  if (frame === null) return null;
  const title = frame.source === null ? scenario?.title : say`A program of its own`;
  const technique = scenario?.techniques.find(({ id }) => id === frame.vmm)?.title;
  const { n, cycle, paging } = frame.view;
  const said = [
    title,
    technique,
    paging === 'shadow' ? say`Shadow paging` : paging === 'nested' ? say`Nested paging` : '',
    say`Step ${count(n)}`,
    say`${count(cycle)} cycles`,
  ];
  return (
    <p className="on-paper" aria-hidden="true">
      <b>RingMinusOne</b> {said.filter(Boolean).join(' · ')}
    </p>
  );
}
