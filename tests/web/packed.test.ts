import { readFileSync } from 'node:fs';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { type LinkState, NOTHING, parseLink, printLink } from '../../src/web/app/link.ts';
import { type PackedOptions, pack, unpack } from '../../src/web/app/packed.ts';
import fc from '../support/cases.ts';

const PROGRAM = `; a boot sector that says hello\n        org 0x7c00\nstart:  mov al, 'H'\n        mov dx, 0x3f8\n        out dx, al\n        hlt\n`;

const ok = (hash: string): LinkState => {
  const parsed = parseLink(hash);
  if (!parsed.ok) throw new Error(parsed.error.message);
  return parsed.link;
};

const program = (options: PackedOptions) => pack({ source: PROGRAM, options, edits: [], inputs: [] });

const lines = fc.stringMatching(/^[^\n]{0,12}$/);
const edits = fc.array(
  fc.record({
    path: fc.stringMatching(/^[a-z][a-z/-]{0,12}\.inc$/),
    of: fc.stringMatching(/^[0-9a-f]{8}$/),
    hunks: fc.array(
      fc
        .tuple(fc.integer({ min: 1, max: 999 }), fc.nat({ max: 9 }), fc.array(lines, { maxLength: 3 }))
        .map(([at, gone, come]) => [at, gone, ...come] as const),
    ),
  }),
  { maxLength: 2 },
);
const inputs = fc.array(fc.tuple(fc.nat(), fc.nat({ max: 4 }), fc.stringMatching(/^[\0-\u00ff]{1,9}$/)), { maxLength: 3 });

const programs = fc.record({
  edits,
  inputs,
  cpu: fc.option(fc.constantFrom('haswell', 'phenom')),
  costs: fc.option(fc.constantFrom('haswell-2013')),
  source: fc.oneof(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'binary' }), fc.constant(PROGRAM)),
  vmm: fc.option(fc.constantFrom('none' as const, 'vtx' as const, 'svm' as const)),
  paging: fc.option(fc.constantFrom('shadow' as const, 'nested' as const)),
  vms: fc.option(fc.integer({ min: 1, max: 4 })),
  step: fc.option(fc.nat({ max: 1e12 })),
});

describe('a program in a link', () => {
  test('is the same after printing and reading, and prints the same again', () => {
    fc.assert(
      fc.property(programs, (program) => {
        const printed = printLink(program);
        expect(printed).toMatch(/^#v=1&s=[\w-]+(&step=\d+)?$/);
        const read = ok(printed);
        expect(read).toMatchObject({ ...program, scenario: null });
        expect(printLink(read)).toBe(printed);
      }),
    );
  });

  test('changes of a scenario and what is typed are the same after printing and reading', () => {
    fc.assert(
      fc.property(edits, inputs, fc.option(fc.constantFrom('vtx' as const)), (changed, typed, vmm) => {
        const link = { ...NOTHING, scenario: 'first-exit', edits: changed, inputs: typed, vmm, step: 9 };
        const printed = printLink(link);
        expect(ok(printed)).toEqual(link);
        expect(/s=/.test(printed)).toBe(changed.length + typed.length > 0);
      }),
    );
  });

  test('made by the Python of docs/links.md is read', () => {
    const docs = readFileSync(new URL('../../docs/links.md', import.meta.url), 'utf8');
    const link = /#v=1&s=\S+&step=4/.exec(docs)?.[0] ?? '';
    expect(ok(link)).toMatchObject({ source: expect.stringContaining("mov al, 'H'          ; one letter"), step: 4 });
  });

  test('of a hundred and odd lines stays below what chats cut', () => {
    const lines = Array.from(
      { length: 110 },
      (_, i) => `.part${i}:  mov eax, [table + ${i * 4}]    ; the ${i}th entry of ${(i * 7919) % 1000}`,
    );
    expect(printLink({ source: lines.join('\n'), step: 100 }).length).toBeLessThan(2000);
  });

  test('is read whatever order its fields come in, and refused with a field that is not known', () => {
    const fields = JSON.parse(jsonOf(program({ vmm: 'vtx', vms: '2' })));
    const { source, vmm, vms, check } = fields;
    const again = { source, options: { vmm, vms }, edits: [], inputs: [] };
    expect(unpack(packed(JSON.stringify({ check, vms, vmm, source }, null, 2)))).toEqual(again);
    expect(unpack(packed(JSON.stringify({ ...fields, memory: '8' })))).toContain('does not know');
  });

  test.each([
    [`#v=1&s=${program({})}&vmm=vtx`, 'beside it'],
    [`#scenario=two-kernels&s=${program({})}`, 'beside it'],
    [`#s=${program({ vmm: 'kvm' })}`, 'technique'],
    [`#s=${program({}).slice(0, 90)}`, 'cut off'],
    [`#s=${packed('{"source":"hlt"}')}`, 'check'],
    [`#s=${packed('{"check":"00000000"}')}`, 'no source'],
    [`#s=${packed('[1,2]')}`, 'changed on the way'],
    [`#s=${packed('{"scenario":"a","changes":[["../x","",[1,0]]],"check":"0"}')}`, 'changed on the way'],
    [`#s=${packed('{"scenario":"a","inputs":[[1,0,"€"]],"check":"0"}')}`, 'changed on the way'],
    [`#s=${packed('{"name":"a.md","file":"x","vmm":"vtx"}')}`, 'does not know'],
    [`#s=${packed('x'.repeat(2_000_000))}`, 'too large'],
    [`#s=${'A'.repeat(300_000)}`, 'the most'],
  ])('that cannot be read says why', (hash, words) => {
    const parsed = parseLink(hash);
    expect(parsed.ok ? '' : parsed.error.message).toContain(words);
  });
});

function packed(text: string): string {
  return Buffer.from(deflateRawSync(text)).toString('base64url');
}

function jsonOf(s: string): string {
  return inflateRawSync(Buffer.from(s, 'base64url')).toString();
}
