import { expect, test } from 'vitest';
import { type LinkState, parseLink, printLink } from '../../src/web/app/link.ts';
import fc, { runs } from '../support/cases.ts';

const PROGRAM = "        org 0x7c00\nstart:  mov al, 'H'          ; one letter\n        mov dx, 0x3f8\n        out dx, al\n        hlt\n";

const MACHINE = { vmm: 'vtx', paging: 'nested', vms: 2, cpu: 'haswell', costs: null } as const;
const CHANGED = {
  edits: [
    {
      path: 'vmm/vtx/exits.inc',
      of: '0badc0de',
      hunks: [
        [12, 1, '        nop', '        ; <script>'],
        [40, 0, 'x'],
      ],
    },
  ],
  inputs: [[100, 1, 'ls\r']],
} satisfies Partial<LinkState>;

test.each<[string, Partial<LinkState>]>([
  ['program', { source: PROGRAM, ...MACHINE, step: 41 }],
  ['scenario with changes and keys', { scenario: 'one-system', ...MACHINE, ...CHANGED, step: 41 }],
])('five thousand changed links to a %s: an error or the very machine, and never long', (_, state) => {
  const whole = printLink(state);
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_=&%#<>"\'+/ ';
  const change = fc.record({
    at: fc.nat({ max: whole.length }),
    drop: fc.nat({ max: 6 }),
    put: fc.string({ unit: fc.constantFrom(...alphabet), maxLength: 4 }),
  });
  let errors = 0;
  const started = performance.now();
  fc.assert(
    fc.property(fc.array(change, { minLength: 1, maxLength: 3 }), (changes) => {
      const hash = changes.reduce((text, { at, drop, put }) => text.slice(0, at) + put + text.slice(at + drop), whole);
      const parsed = parseLink(hash);
      if (!parsed.ok) {
        errors++;
        expect(parsed.error.message).toMatch(/^This link is damaged: .+\.$/);
      } else if (/(^#?|&)s=/.test(hash)) {
        const { step, ...machine } = state;
        expect(parsed.link).toMatchObject(machine);
      } else expect(hash.replace(/^#/, '')).not.toMatch(/(^|&)s=/);
    }),
    { numRuns: runs(5_000) },
  );
  expect(errors).toBeGreaterThan(4_000);
  expect((performance.now() - started) / 5_000).toBeLessThan(5);
});
