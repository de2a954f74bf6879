import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { MISCONCEPTIONS } from '../../src/session/questions/misconceptions.ts';
import { questionsAt } from '../../src/session/questions/questions.ts';
import { Session } from '../../src/session/session.ts';
import type { QuestionKind } from '../../src/session/views.ts';
import { takeStep } from '../support/question-truth.ts';

/** Goes to ring 3, where it asks for what it may not do; ring 0 steps over each refusal. */
const REFUSED = `
bits 32
org 100000h
    mov     esp, 9000h
    lgdt    [gdtr]
    lidt    [idtr]
    mov     ax, 23h
    mov     ds, ax
    mov     ax, 28h
    ltr     ax
    mov     ecx, 6
    mov     eax, over
    mov     edx, 8E00h
    call    gate
    mov     ecx, 13
    mov     eax, refused
    call    gate
    mov     ecx, 81h
    mov     eax, done
    call    gate
    mov     ecx, 80h
    mov     eax, service
    mov     edx, 0EE00h
    call    gate
    mov     ecx, 82h
    mov     eax, done
    call    gate
    push    23h
    push    8000h
    push    202h
    push    1Bh
    push    user
    iretd
user:
    pushfd
    and     dword [esp], 0FFFFFDFFh
    popfd
    cli
    hlt
    mov     dx, 3F8h
    in      al, dx
    int     81h
    int     80h
    ud2
    int     82h
refused:
    add     esp, 4
    push    eax
    mov     eax, [esp+4]
    cmp     byte [eax], 0CDh
    pop     eax
    jne     single
over:
    inc     dword [esp]
single:
    inc     dword [esp]
service:
    iretd
done:
    hlt
gate:
    mov     [idt+ecx*8], ax
    mov     word [idt+ecx*8+2], 8
    mov     [idt+ecx*8+4], dx
    shr     eax, 16
    mov     [idt+ecx*8+6], ax
    ret
align 8
gdt: dq 0, 00CF9A000000FFFFh, 00CF92000000FFFFh, 00CFFA000000FFFFh, 00CFF2000000FFFFh
    dw 67h, tss - 100000h
    db 10h, 89h, 0, 0
gdtr: dw 47
    dd gdt
idtr: dw 7FFh
    dd idt
tss: dd 0, 9000h, 10h
    times 23 dd 0
idt: times 512 dd 0
`;

/** #UD without a gate is #GP, which has none either. */
const UNDELIVERED = `
bits 32
org 100000h
    mov     esp, 9000h
    lgdt    [gdtr]
    lidt    [idtr]
    mov     word [idt+8*8], done
    mov     word [idt+8*8+6], 10h
    ud2
done:
    hlt
align 8
gdt: dq 0, 00CF9A000000FFFFh, 00CF92000000FFFFh
gdtr: dw 23
    dd gdt
idtr: dw 7FFh
    dd idt
idt: times 8 dq 0
    dq 00008E0000080000h
    times 200 dq 0
`;

/** Every question of a run, by the instruction before which it can be asked; each is held against what then happens. */
function questionsOf(source: string, most = 200): ReadonlyMap<string, ReturnType<typeof questionsAt>> {
  const session = Session.open({ source, vmm: 'none' });
  const all = new Map<string, ReturnType<typeof questionsAt>>();
  for (let i = 0; i < most && !session.ended; i++) {
    const view = session.view();
    const drafts = questionsAt(session, view.rings);
    const { mnemonic = '', operands = '' } = view.stream.current ?? {};
    all.set(`${mnemonic} ${operands}`.trim(), drafts);
    const truth = takeStep(session);
    for (const { kind, options, answer } of drafts) {
      const ids = options.map(({ id }) => id);
      expect(new Set(ids).size, `${mnemonic}: ${ids}`).toBe(4);
      for (const id of ids) expect(truth(kind, id, ids), `${mnemonic}, ${kind}: ${id} of ${ids}`).toBe(id === answer);
    }
  }
  return all;
}

const answers = (drafts: ReturnType<typeof questionsAt> = []): Partial<Record<QuestionKind, string>> =>
  Object.fromEntries(drafts.map(({ kind, answer }) => [kind, answer]));

describe('a program in ring 3', () => {
  const all = questionsOf(REFUSED);

  test.each<readonly [string, Partial<Record<QuestionKind, string>>]>([
    ['popfd', { exit: 'silent', bit: 'neither', who: 'same' }],
    ['cli', { exit: 'fault13', bit: 'iopl', vector: 'v13', who: '0:0' }],
    ['hlt', { who: 'nobody' }],
    ['in al, dx', { exit: 'fault13', bit: 'map', vector: 'v13' }],
    ['int 81h', { bit: 'dpl', vector: 'v13', exit: 'fault13' }],
    ['int 80h', { bit: 'both', vector: 'v128' }],
    ['ud2', { exit: 'fault6', vector: 'v6' }],
  ])('%s', (text, expected) => {
    expect(answers(all.get(text))).toMatchObject(expected);
  });

  test('says which comparison decided, with its values', () => {
    const told = all.get('cli')?.find(({ kind }) => kind === 'exit');
    expect(told?.because).toBe('“CPL is not greater than IOPL” does not hold: CPL 3, IOPL 0 (SDM vol 1, 18.5.1).');
    expect(all.get('popfd')?.find(({ kind }) => kind === 'exit')?.because).toContain('CPL is 3, IOPL 0');
  });
});

test('of two faults, the double fault', () => {
  const all = questionsOf(UNDELIVERED);
  const vector = all.get('ud2')?.find(({ kind }) => kind === 'vector');
  expect(vector?.answer).toBe('v8');
  expect(vector?.options.map(({ misconception }) => misconception)).toContain('first-fault-stands');
});

test('not the same kind twice in a row where another fits, and at a step always the same', () => {
  const session = Session.open({ source: REFUSED, vmm: 'none' });
  const any = { kind: null, misconception: '' };
  const kinds: (QuestionKind | undefined)[] = [];
  const asked: [number, QuestionKind][] = [];
  for (let i = 0; i < 120 && !session.ended; i++) {
    const { question } = session.view(false, any);
    if (question) asked.push([session.n, question.kind]);
    session.step();
  }
  for (const [i, [n, kind]] of asked.entries()) {
    session.seek(n);
    const others = questionsAt(session, session.view().rings).filter((draft) => draft.telling > 0 && draft.kind !== kind);
    if (i > 0 && others.length > 0) expect(kind, `step ${n}`).not.toBe(asked[i - 1]![1]);
    kinds.push(session.view(false, any).question?.kind);
  }
  expect(asked.length).toBeGreaterThan(10);
  expect(kinds).toEqual(asked.map(([, kind]) => kind));
});

test('a misconception that is wished for is among the options, and says what is so', () => {
  const session = Session.open({ source: REFUSED, vmm: 'none' });
  while (session.view().stream.current?.mnemonic !== 'cli') session.step();
  const { question } = session.view(false, { kind: 'vector', misconception: 'np-for-pages' });
  const option = question?.options.find(({ misconception }) => misconception === 'np-for-pages');
  expect(option).toMatchObject({ id: 'v11', wrong: MISCONCEPTIONS['np-for-pages'].wrong });
});

test('a view brings no question unless one is wished for', () => {
  expect(Session.open({ scenario: 'first-exit' }).view().question).toBeNull();
});

test('docs/misconceptions.md has the bank: node scripts/misconceptions.mjs', () => {
  const page = readFileSync(new URL('../../docs/misconceptions.md', import.meta.url), 'utf8');
  const rows = Object.entries(MISCONCEPTIONS).map(
    ([id, { kind, belief, applies, wrong }]) => `| \`${id}\` | ${kind} | ${belief} | ${applies} | ${wrong} |`,
  );
  expect(page.trimEnd().split('\n').slice(-rows.length)).toEqual(rows);
});
