import { say } from '../../../lib/say.ts';
import type { BlockField, BlockView, StageView } from '../../../session/views.ts';
import type { BlockName } from './name.ts';

/** `VMCS of VM 1, at` */
export function blockTitle({ kind, owner }: BlockView): string {
  return owner === '' ? say`${kind}, at` : say`${kind} of ${owner}, at`;
}

/** What stands in the panel where there is no block. */
export function blockEmpty(name: BlockName | null): string {
  if (name === 'Translation') return say`Nothing is translated yet: the monitor begins when its guest does.`;
  if (name === 'VMCB') return say`No VMCB yet: the first VMRUN names one.`;
  if (name === 'VMCS') return say`No VMCS yet: VMPTRLD makes one current.`;
  return say`Nobody uses a virtualization extension here.`;
}

/** The fields, by id, whose value differs between two steps of one block. */
export function changedFields(before: StageView['block'], after: StageView['block']): ReadonlySet<string> {
  const changed = new Set<string>();
  if (!before || !after || before === after || before.address !== after.address) return changed;
  const old = new Map(before.groups.flatMap((group) => group.fields.map((field) => [field.id, field])));
  for (const group of after.groups) {
    for (const field of group.fields) {
      const was = old.get(field.id);
      if (was && (was.value !== field.value || was.meaning !== field.meaning)) changed.add(field.id);
    }
  }
  return changed;
}

/** Whether a field has all the words sought in its id, name, value or meaning, or in what it is for where that is shown. */
export function found(field: BlockField, sought: string, isAbout = false): boolean {
  const text = `${field.id} ${field.name} ${field.value} ${field.meaning} ${isAbout ? field.about : ''}`.toLowerCase();
  return sought
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}
