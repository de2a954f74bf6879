/** What a virtual machine cannot go on from ends that one alone: its monitor says so, the stage shows it, and the other runs on. */
import { describe, expect, test } from 'vitest';
import { type OpenOptions, Session } from '../../src/session/session.ts';

/** Waits for a byte. t: a triple fault; any other: memory that is not there; none: all is well. */
const SOURCE = `
        bits 32
        org 100000h
header: dd 1BADB002h, 1 << 16, -(1BADB002h + (1 << 16))
        dd header, header, end, end + 4096, start
start:  mov esp, end + 4096
        mov ecx, 3000
.wait:  mov edx, 3FDh
        in al, dx
        test al, 1
        jnz .typed
        loop .wait
        mov edx, 3F8h
        mov al, "+"
        out dx, al
        cli
        hlt
.typed: mov edx, 3F8h
        in al, dx
        cmp al, "t"
        je .triple
        mov eax, [40000000h]
.triple: lidt [none]
        int3
none:   dw 0, 0, 0
end:
`;

const TECHNIQUES: readonly OpenOptions[] = [
  { vmm: 'vtx', paging: 'shadow' },
  { vmm: 'vtx', paging: 'nested' },
  { vmm: 'svm', paging: 'shadow' },
  { vmm: 'svm', paging: 'nested' },
];

function ended(options: OpenOptions, byte: string, source = SOURCE) {
  const session = Session.open({ source, vms: 2, ...options });
  session.type(1, [byte.charCodeAt(0)]);
  session.seek(Number.MAX_SAFE_INTEGER);
  return session.view();
}

describe.each(TECHNIQUES)('$vmm, $paging paging', (options) => {
  test('a triple fault', () => {
    const view = ended(options, 't');
    expect(view.rings.vms.map(({ status }) => status)).toEqual(['shut down: triple fault', 'halted in ring 0']);
    expect(view.consoles.map(({ text }) => text)).toEqual(expect.arrayContaining(['', '+']));
    expect(view.consoles.find(({ vm }) => vm === 0)?.text).toMatch(
      /^vm1: triple fault.*\nvm2: halted\n(vtx|svm): no virtual machine is left\n$/,
    );
    expect(view.end).toBe('halted');
  });

  test('memory that the virtual machine does not have', () => {
    const view = ended(options, 'm');
    expect(view.rings.vms.map(({ status, saved }) => [status, saved])).toEqual([
      ['ended by the hypervisor', null],
      ['halted in ring 0', '0'],
    ]);
    expect(view.consoles.find(({ vm }) => vm === 0)?.text).toMatch(
      /^vm1: no memory 40000000 at 001000[0-9A-F]{2}\nvm2: halted\n(vtx|svm): no virtual machine is left\n$/,
    );
  });
});

test('an exit that the monitor has no answer for', () => {
  const view = ended({ vmm: 'vtx', paging: 'shadow' }, 'm', SOURCE.replace('mov eax, [40000000h]', 'invd'));
  expect(view.consoles.find(({ vm }) => vm === 0)?.text).toMatch(
    /^vm1: unexpected exit 0000000D, qualification 00000000 at 001000[0-9A-F]{2}\nvm2: halted\n/,
  );
  expect(view.rings.vms.map(({ status }) => status)).toEqual(['ended by the hypervisor', 'halted in ring 0']);
});

test.each(['mov al, 0FEh\n out 64h, al', 'mov al, 1\n out 92h, al'])('a reset: %s', (reset) => {
  const view = ended({ vmm: 'svm', paging: 'nested' }, 'm', SOURCE.replace('mov eax, [40000000h]', reset));
  expect(view.consoles.find(({ vm }) => vm === 0)?.text).toBe('vm1: reset\nvm2: halted\nsvm: no virtual machine is left\n');
  expect(view.rings.vms.map(({ status }) => status)).toEqual(['ended by the hypervisor', 'halted in ring 0']);
});
