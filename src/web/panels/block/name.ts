import { worded } from '../../../lib/say.ts';
import type { BlockView, StageView } from '../../../session/views.ts';

/** What the processor and its monitor share for a guest, or what the monitor has made of its kernel. */
export type BlockName = BlockView['kind'] | 'Translation';

/** What there is of that on this machine; null where there is nothing. */
export function blockName(view: Pick<StageView, 'rings' | 'translates'> | null): BlockName | null {
  if (view?.translates) return worded('Translation');
  const kind = view?.rings.kind;
  return kind === 'vmx' ? 'VMCS' : kind === 'svm' ? 'VMCB' : null;
}
