/** A refused VM entry as the panels have it: the rule in words with the value it met, and the field at fault marked. */
import { expect, test } from 'vitest';
import { type OpenOptions, Session } from '../../src/session/session.ts';
import type { BlockView } from '../../src/session/views.ts';

/** A host with AMD-V and the emptiest VMCB that VMRUN looks into: EFER.SVME of the guest is 0. */
const SVM_SOURCE = `
bits 32
org 100000h
        mov ecx, 0C0000080h
        rdmsr
        or eax, 1000h
        wrmsr
        mov ecx, 0C0010117h
        mov eax, 200000h
        xor edx, edx
        wrmsr
        mov eax, 201000h
        vmrun
        hlt
        times 70000 nop
`;

const marked = (block: BlockView | null | undefined): string[] =>
  block!.groups.flatMap(({ fields }) => fields.filter(({ refused }) => refused).map(({ name }) => name));

function end(options: OpenOptions): Session {
  const session = Session.open(options);
  session.withBlock = true;
  session.run(100_000);
  return session;
}

test.each([
  [
    'VT-x',
    { scenario: 'refused-entry' },
    /^VMCS link pointer, if not .* revision identifier; VMCS link pointer = 00000000_00000000h$/,
    ['VMCS link pointer'],
  ],
  ['AMD-V', { source: SVM_SOURCE, cpu: 'orleans' }, /^EFER.SVME is 1; Guest EFER = 00000000_00000000h$/, ['Guest EFER']],
])('%s', (_, options, rule, fields) => {
  const session = end(options);
  const { block } = session.view();
  expect(block!.refusal).toMatch(rule);
  expect(marked(block)).toEqual(fields);
});
