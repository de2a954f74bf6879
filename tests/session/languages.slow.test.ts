/** What the stage says in another language: nothing of it is left in English; and how it reads in German. */
import { afterEach, describe, expect, test } from 'vitest';
import { assemble } from '../../src/asm/index.ts';
import { FIELDS as VMCB_FIELDS } from '../../src/cpu/virt/svm/fields.ts';
import { CONTROLS } from '../../src/cpu/virt/vmx/controls.ts';
import { FIELDS as VMCS_FIELDS } from '../../src/cpu/virt/vmx/fields.ts';
import { type Messages, speak } from '../../src/lib/say.ts';
import german from '../../src/messages/de.ts';
import { LabRun } from '../../src/session/lab.ts';
import type { OpenOptions } from '../../src/session/session.ts';
import { Session } from '../../src/session/session.ts';
import { sentenceOf } from '../../src/session/telling.ts';
import type { PartRequest } from '../../src/session/views/parts.ts';
import type { StageView, Why } from '../../src/session/views.ts';
import { standpoint } from '../../src/trace/recent.ts';

afterEach(() => speak(null));

/** A language in which each text is nothing but its values in brackets. */
const values = (text: string): string => `⟦${(text.match(/\{\d\}/g) ?? []).join(' ')}⟧`;
const bracketed: Messages = new Proxy({}, { get: (_, text) => (text === 'en' ? 'en' : values(String(text))) });

/** Words of our English, as the German messages know them. */
const english = new Set(
  Object.keys(german)
    .flatMap((text) => text.replace(/\{\d\}/g, '').match(/[A-Za-z]{3,}/g) ?? [])
    .filter((word) => !/^[A-Z][A-Z0-9]/.test(word))
    .map((word) => word.toLowerCase()),
);

/** What the manuals call things, and what `Vmm` does. */
const TERMS: readonly string[] = [
  ...Object.values(CONTROLS).flatMap((controls) => controls.map(({ name }) => name)),
  ...[...VMCS_FIELDS, ...VMCB_FIELDS].map(({ name }) => name),
  ...[
    'VMX root operation',
    'Exit qualification',
    'Interruption information',
    'MOV from CR',
    'MOV to CR',
    'call gate',
    'task switch',
    '(vmcs02)',
  ],
];

interface Said {
  readonly where: string;
  readonly text: string;
}

function* saidBy(view: StageView, why: Why | null): Generator<Said> {
  const { rings, stream, exits, walk, timeline, failure, block, stops, question } = view;
  const each = function* (where: string, ...texts: readonly string[]): Generator<Said> {
    for (const text of texts) yield { where, text };
  };
  yield* each('sentence', view.sentence);
  for (const vm of [...rings.vms, ...(rings.inner ? [rings.inner] : [])])
    yield* each('machine', vm.status, vm.kernel, vm.vm === 0 ? '' : vm.name);
  yield* each('host mode', rings.hostMode);
  yield* each('crossing', ...[...rings.past, ...rings.future].map(({ label }) => label));
  for (const row of [...stream.past, ...stream.future]) if (row.kind === 'event') yield* each('stream', row.text, row.note);
  yield* each('exits', exits.codeIs, ...exits.counts.map(({ title }) => title));
  for (const exit of exits.latest) {
    yield* each(
      'exit',
      exit.title,
      exit.owner,
      ...exit.infos.flatMap((info) => [info.name, info.value, ...info.fields.map(({ meaning }) => meaning)]),
    );
  }
  if (walk) {
    const tables = [...walk.entries, ...walk.nestedEntries, ...walk.guestEntries];
    yield* each(
      'walk',
      walk.what,
      walk.fault,
      ...walk.choices.map(({ name }) => name),
      ...tables.flatMap(({ table, flags, nested }) => [table, flags, ...nested.map((one) => one.table)]),
    );
  }
  yield* each('timeline', ...timeline.lanes.map(({ label }) => label));
  if (failure) yield* each('failure', failure.title, ...failure.chain);
  if (block) {
    yield* each('block', block.owner, block.state, block.refusal);
    for (const { title, when, fields } of block.groups) yield* each('block', title, when, ...fields.map(({ meaning }) => meaning));
  }
  yield* each('consoles', ...view.consoles.map(({ title }) => title));
  yield* each('stops', ...stops.map(({ text }) => text));
  if (question) {
    yield* each('question', question.title, question.because);
    yield* each('option', ...question.options.flatMap(({ title, note, badge, wrong }) => [title, note, badge, wrong]));
  }
  if (why) yield* each('why', why.title, why.verdict, why.source, ...why.checks.flatMap(({ rule, found }) => [rule, found]));
}

/** Everything that is written by others where a machine stands: instructions, names of code, the purposes in its source. */
function quoted(session: Session, view: StageView): readonly string[] {
  const instructions = [...view.stream.past, view.stream.current, ...view.stream.future].flatMap((row) =>
    row?.kind === 'instruction' ? [`${row.mnemonic} ${row.operands}`.trim()] : [],
  );
  const here = standpoint(session.machine, session.log);
  const located = session.images.locate(here.physical, here.vm);
  const names = located === null ? [] : [located.place.goal, located.place.function];
  const programs = view.rings.vms.flatMap(({ processes }) => processes.map(({ name }) => `· ${name}`));
  return [...instructions, ...view.exits.latest.map(({ instruction }) => instruction), ...programs, ...names, ...TERMS]
    .filter((text) => text !== '')
    .sort((a, b) => b.length - a.length);
}

/** Words of English that are no name and nobody's but ours. */
function left(text: string, names: readonly string[]): readonly string[] {
  let rest = text.replace(/\*[^*]+\*/g, '');
  for (const name of names) rest = rest.split(name).join('');
  return (rest.match(/[A-Za-z]{3,}/g) ?? []).filter((word) => !/^[A-Z][A-Z0-9]/.test(word) && english.has(word.toLowerCase()));
}

const CASES: readonly (OpenOptions & { readonly events: number })[] = [
  { scenario: 'two-kernels', vmm: 'vtx', events: 14 },
  { scenario: 'two-kernels', vmm: 'vtx', paging: 'nested', events: 8 },
  { scenario: 'two-kernels', vmm: 'svm', events: 14 },
  { scenario: 'two-kernels', vmm: 'svm', paging: 'nested', events: 8 },
  { scenario: 'two-kernels', vmm: 'translate', events: 12 },
  { scenario: 'one-system', vmm: 'para', events: 14 },
  { scenario: 'one-system', vmm: 'vtx', events: 24 },
  { scenario: 'peers', events: 8 },
  { scenario: 'ring-minus-one-twice', events: 12 },
  { scenario: 'refused-entry', events: 3 },
  { scenario: 'triple-fault', events: 4 },
  { scenario: 'forbidden', events: 6 },
  { scenario: 'late-launch', events: 3 },
];

const finish = (work: Generator<number, unknown>) => {
  while (work.next().done !== true);
};

/** One German sentence for each way of saying something, in the order in which the runs below come to them. */
const told: string[] = [];
const ways = new Set<string>();
/** Questions that were looked at. */
let questions = 0;

/** Keeps a German sentence if its like was not said before: made of other texts, whatever the names in it. */
function keep(sentence: () => string): void {
  const used: string[] = [];
  const listening: Messages = new Proxy(german, {
    get: (messages, text) => {
      used.push(String(text));
      return messages[String(text)];
    },
  });
  speak(listening);
  const said = sentence();
  speak(null);
  const way = used.filter((text) => text.length > 25).join('|');
  if (way === '' || ways.has(way) || told.includes(said)) return;
  ways.add(way);
  told.push(said);
}

test('English is found where it is left', () => {
  expect(left('⟦*count* ⟦#PF⟧⟧ and a page fault, VMX root operation, mov cr3, eax', ['VMX root operation'])).toEqual([
    'and',
    'page',
    'fault',
  ]);
});

describe.each(CASES)('$scenario $vmm $paging', ({ events, ...options }) => {
  test('says nothing in English where each text stands in brackets', () => {
    const session = Session.open(options);
    session.withBlock = true;
    const found = new Set<string>();
    const look = () => {
      speak(bracketed);
      const view = session.view(false, { kind: null, misconception: '' });
      if (view.question) questions++;
      const names = quoted(session, view);
      for (const { where, text } of saidBy(view, session.why())) {
        const words = left(text, names);
        if (words.length > 0) found.add(`${where}: ${words.join(' ')} in ${JSON.stringify(text)}`);
      }
      speak(null);
    };
    finish(session.opening());
    keep(() => session.view().sentence);
    for (let k = 0; k < events && !session.ended; k++) {
      look();
      finish(session.nextEvent());
      look();
      session.back();
      look();
      session.step(2);
    }
    look();
    keep(() => session.view().sentence);
    for (let row = 0; row < session.log.length; row++) keep(() => sentenceOf(session, row));
    expect([...found]).toEqual([]);
  });
});

/** Every string of a view but those that name a kind, and addresses with labels. */
function* stringsIn(value: unknown, key = ''): Generator<string> {
  if (['part', 'kind', 'space', 'spaces', 'to'].includes(key)) return;
  if (typeof value === 'string') yield value;
  if (typeof value === 'object' && value !== null) for (const [name, one] of Object.entries(value)) yield* stringsIn(one, name);
}

test.each(CASES.slice(0, 4))('tables, devices and memory leave nothing in English: $scenario $vmm $paging', (options) => {
  const session = Session.open(options);
  finish(session.opening());
  const parts: readonly PartRequest[] = [
    ...([false, true] as const).map((guest) => ({ part: 'tables' as const, guest })),
    { part: 'devices' },
    { part: 'memory', space: 'linear', address: 0x100000 },
  ];
  for (const part of parts) {
    session.part = part;
    speak(bracketed);
    const view = session.view();
    const texts = [...stringsIn(view.part)];
    speak(null);
    expect(texts.length).toBeGreaterThan(0);
    expect(`${part.part}: ${texts.filter((text) => left(text, quoted(session, view)).length > 0).join('; ')}`).toBe(`${part.part}: `);
  }
});

test('what the lab finds leaves nothing in English', () => {
  const run = new LabRun();
  speak(bracketed);
  const found = ['POPFD (9D)', 'CPUID (0F A2)', 'RDTSC (0F 31)', 'NOP (90)'].flatMap((id) =>
    [...run.parts(id)].flatMap(({ rows }) => rows),
  );
  const texts = found.flatMap(({ explanation, evidence }) => [explanation ?? '', ...evidence.map(({ sentence }) => sentence)]);
  expect(texts.length).toBeGreaterThan(8);
  const instructions = found.map(({ name }) => name.toLowerCase());
  expect(texts.flatMap((text) => left(text, [...instructions, 'EFLAGS', 'result']))).toEqual([]);
});

test('what the assembler finds wrong leaves nothing in English', () => {
  const source = [
    ...['mvo eax, ebx', 'mov eax, bx', 'mov [x], 5', 'mov 5, eax', 'add eax', 'jmp nowhere', 'lea eax, [esp*2]', 'org -1', 'bits 64'],
    ...[
      'db',
      'mov eax, 0ag',
      'times -1 nop',
      'align 3',
      'section .text progbits follows=.text',
      '%if 1',
      '%elsif',
      'dd 1 2',
      'x: x:',
      '[foo 1]',
    ],
    ...['mov eax, [bx+esi]', 'mov byte [eax], 999', ';@ rule kernel', 'lock mov eax, ebx', '%include "none"', 'mov eax, 1 +', '%macro'],
  ].join('\n');
  speak(bracketed);
  const assembled = assemble({ text: (path) => (path === 'x.asm' ? source : undefined) }, 'x.asm');
  const found = assembled.ok ? [] : assembled.errors;
  expect(found.length).toBeGreaterThan(15);
  const texts = found.flatMap(({ message, hint }) => [message, hint]);
  expect(texts.filter((text) => left(text, ['add', 'nowhere', 'none', '%macro', '%endmacro']).length > 0)).toEqual([]);
});

test('these runs are told in German', async () => {
  expect(told.length).toBeGreaterThan(20);
  expect(questions).toBeGreaterThan(20);
  await expect(`${told.join('\n')}\n`).toMatchFileSnapshot('../golden/sentences-de.txt');
});
