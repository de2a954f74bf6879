import { useEffect, useState } from 'react';
import { say } from '../../lib/say.ts';
import type { CellsProps } from '../panels/rings/Cells.tsx';
import { MORE, With } from './with-more.tsx';

/** The places of the ring diagram, once a reader comes to it by pointer or key: their script is not needed before. */
export function LateCells(props: CellsProps) {
  const [come, setCome] = useState<'pointer' | 'keys' | null>(null);
  const { box } = props;
  useEffect(() => {
    const element = box.current;
    const onEnter = () => setCome((before) => before ?? 'pointer');
    element?.addEventListener('pointerenter', onEnter);
    return () => element?.removeEventListener('pointerenter', onEnter);
  }, [box]);
  if (come) return <With late={MORE} show={({ Cells }) => <Cells {...props} focused={come === 'keys'} />} />;
  return <button type="button" className="hidden" aria-label={say`Places in the rings`} onFocus={() => setCome('keys')} />;
}
