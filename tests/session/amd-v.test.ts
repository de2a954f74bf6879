/** The stage and the records of a machine with AMD-V say what AMD's manual says. */
import { describe, expect, test } from 'vitest';
import { recordOf } from '../../src/session/records.ts';
import { Session } from '../../src/session/session.ts';
import type { StageView } from '../../src/session/views.ts';
import { Kind } from '../../src/trace/log.ts';
import { lastExit, opened } from './support/sessions.ts';

const SVM = { scenario: 'two-kernels', vmm: 'svm' } as const;

/** Runs exit by exit until one satisfies `wanted`. */
function until(session: Session, wanted: (view: StageView) => boolean): StageView {
  for (let k = 0; k < 2000; k++) {
    for (const _ of session.nextEvent());
    const view = session.view();
    if (wanted(view)) return view;
  }
  throw new Error('no such exit');
}

describe('two kernels under AMD-V', () => {
  test('it opens before a MOV CR3, and the words are AMD’s', () => {
    const session = opened(SVM);
    const before = session.view();
    expect(before).toMatchObject({ vendor: 'svm', paging: 'shadow', rings: { kind: 'svm', hostMode: 'host mode' } });
    session.step(4);
    expect(session.view().sentence).toMatch(/under AMD-V that instruction leaves the guest/);
    session.step();
    const view = session.view();
    expect(lastExit(view)).toMatchObject({
      vendor: 'svm',
      code: 0x13,
      codeText: '13h',
      name: 'WRITE_CR3',
      cause: 'cr-write',
      instruction: 'mov cr3, eax',
      vm: 1,
      infos: [],
    });
    expect(view.stream.past.at(-1)).toMatchObject({ kind: 'event', note: 'EXITCODE 13h, write of CR3' });
    expect(view.rings.past.at(-1)).toMatchObject({ kind: 'exit', label: '#VMEXIT 13h' });
    expect(view.sentence).toMatch(/#VMEXIT 13h: the hypervisor keeps the real control register to itself/);
    expect(view.exits).toMatchObject({ codeIs: 'EXITCODE' });
    expect(view.timeline.ticks).toContainEqual(expect.objectContaining({ n: view.n, codeText: '13h' }));
    while (session.view(true).who.vm === 0) session.step();
    expect(session.view().rings.past.at(-1)).toMatchObject({ kind: 'entry', label: 'VMRUN' });
  });

  test('EXITINFO1 and EXITINFO2 are told field by field, and recorded', () => {
    const session = Session.open(SVM);
    const view = until(session, (candidate) => candidate.exits.latest.at(-1)?.cause === 'port-out');
    const exit = lastExit(view);
    expect(exit).toMatchObject({ code: 0x7b, name: 'IOIO', title: 'I/O instruction' });
    expect(exit.infos.map(({ name }) => name)).toEqual(['EXITINFO1', 'EXITINFO2', 'Written']);
    expect(exit.infos[2].value).toMatch(/^[0-9A-F]{2}h$/);
    expect(exit.infos[0].fields).toContainEqual({ bits: '0', value: '0', meaning: 'OUT' });
    expect(exit.infos[0].fields).toContainEqual(expect.objectContaining({ bits: '31:16' }));
    expect(exit.infos[1].fields[0]).toMatchObject({ meaning: 'EIP behind the instruction' });
    const row = session.log.exits[exit.index - 1];
    expect(recordOf(session, row)).toMatchObject({
      event: 'vmexit',
      vendor: 'svm',
      code: 0x7b,
      name: 'IOIO',
      cause: 'port-out',
      info1: Number.parseInt(exit.infos[0].value, 16),
      info2: Number.parseInt(exit.infos[1].value, 16),
      eventInfo: 0,
      value: Number.parseInt(exit.infos[2].value, 16),
    });
    expect(recordOf(session, row)).not.toHaveProperty('qualification');
  });

  test('a page fault has the code of its vector, its error code and its address', () => {
    const view = until(Session.open(SVM), (candidate) => candidate.exits.latest.at(-1)?.cause === 'page-fault');
    const exit = lastExit(view);
    expect(exit).toMatchObject({ code: 0x4e, codeText: '4Eh', name: 'EXCP_14', title: '#PF' });
    expect(exit.infos.map(({ name }) => name)).toEqual(['EXITINFO1', 'EXITINFO2']);
  });

  test('with nested paging no exit is for a page table', () => {
    const session = opened({ ...SVM, paging: 'nested' });
    expect(session.view()).toMatchObject({ paging: 'nested', vendor: 'svm' });
    session.run(400_000);
    const causes = new Set(session.log.exits.map((row) => session.log.text(session.log.valueOf(row, 7))));
    expect(causes).not.toContain('page-fault');
    expect(causes).not.toContain('cr-write');
    expect(session.log.kindOf(session.log.exits[0])).toBe(Kind.VMEXIT);
  });
});
