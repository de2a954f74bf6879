/** What a virtual machine cannot go on from ends that one alone: its monitor says so, the stage shows it, and the other runs on. */
import { describe, expect, test } from 'vitest';
import { assembleSource } from '../../src/session/guests.ts';
import { type OpenOptions, Session } from '../../src/session/session.ts';
import type { StageView } from '../../src/session/views.ts';

/** Waits for a byte. t: a triple fault; u: INSD across two pages, which no monitor here does; any other: memory that is not there; none: all is well. */
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
        cmp al, "u"
        je .across
        mov eax, [40000000h]
.across: mov edx, 80h
        mov edi, 103FFEh
        insd
.triple: lidt [none]
        int3
none:   dw 0, 0, 0
end:
`;

const TECHNIQUES: readonly OpenOptions[] = [
  { vmm: 'translate' },
  { vmm: 'vtx', paging: 'shadow' },
  { vmm: 'vtx', paging: 'nested' },
  { vmm: 'svm', paging: 'shadow' },
  { vmm: 'svm', paging: 'nested' },
];

function opened({ vmm = 'vtx', paging }: OpenOptions, byte: string, source = SOURCE): Session {
  const assembled = assembleSource('ended.asm', source);
  const session = new Session({
    program: { name: 'ended.asm', bytes: assembled.image, assembled },
    vmm,
    vms: 2,
    memory: 4,
    ...(paging !== undefined && { paging }),
  });
  session.type(1, [byte.charCodeAt(0)]);
  session.seek(Number.MAX_SAFE_INTEGER);
  return session;
}

const ended = (options: OpenOptions, byte: string, source = SOURCE) => opened(options, byte, source).view();

describe.each(TECHNIQUES)('$vmm, $paging paging', (options) => {
  const halted = options.vmm === 'translate' ? 'halted in ring 1' : 'halted in ring 0';
  const by = options.vmm === 'translate' ? 'ended by the monitor' : 'ended by the hypervisor';
  const monitorSaid = ({ consoles }: StageView) => consoles.find(({ vm }) => vm === 0)?.text ?? '';
  const others = /\nvm2: halted\n(vtx|svm|translate): no virtual machine is left\n$/;

  test('a triple fault', () => {
    const view = ended(options, 't');
    const status = options.vmm === 'translate' ? by : 'shut down: triple fault';
    expect(view.rings.vms.map(({ status }) => status)).toEqual([status, halted]);
    expect(view.consoles.map(({ text }) => text)).toEqual(expect.arrayContaining(['', '+']));
    expect(monitorSaid(view)).toMatch(/^vm1: triple fault.*\n/);
    expect(monitorSaid(view)).toMatch(others);
    expect(view.end).toBe('halted');
  });

  test('memory that the virtual machine does not have', () => {
    const view = ended(options, 'm');
    expect(view.rings.vms.map(({ status, saved }) => [status, saved])).toEqual([
      [by, null],
      [halted, halted.at(-1)],
    ]);
    expect(monitorSaid(view)).toMatch(/^vm1: no memory 40000000 at 001000[0-9A-F]{2}\n/);
    expect(monitorSaid(view)).toMatch(others);
  });

  test('what the monitor has no answer for', () => {
    const session = opened(options, 'u');
    const view = session.view();
    expect(view.rings.vms.map(({ status }) => status)).toEqual([by, halted]);
    expect(view.consoles.map(({ text }) => text)).toEqual(expect.arrayContaining(['', '+']));
    expect(monitorSaid(view)).toMatch(/^vm1: (unexpected exit|not done here:) .* at 001000[0-9A-F]{2}\n/);
    expect(monitorSaid(view)).toMatch(others);
    if (options.vmm === 'translate') return;
    const last = session.log.exits.findLast((row) => session.log.vmOf(row) === 1) ?? 0;
    session.seek(session.log.stepOf(last));
    while (session.view().stream.current?.label !== 'exit_unexpected') session.step();
    expect(session.view().sentence).toBe(
      'The hypervisor, at ring −1, in exit_unexpected: there is no answer to that: this virtual machine ends.',
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
