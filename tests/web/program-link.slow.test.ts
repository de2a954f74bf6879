import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseLink, printLink } from '../../src/web/app/link.ts';

const PROGRAM = "        org 0x7c00\nstart:  mov al, 'H'          ; one letter\n        mov dx, 0x3f8\n        out dx, al\n        hlt\n";

test('ten thousand changed links: an error or the program itself, and never long', () => {
  const whole = printLink({ source: PROGRAM, vmm: 'vtx', paging: 'nested', vms: 2, step: 41 });
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
      } else if (parsed.link.source !== null) {
        const { source, vmm, paging, vms } = parsed.link;
        expect({ source, vmm, paging, vms }).toEqual({ source: PROGRAM, vmm: 'vtx', paging: 'nested', vms: 2 });
      } else expect(hash.replace(/^#/, '')).not.toMatch(/(^|&)s=/);
    }),
    { numRuns: 10_000 },
  );
  expect(errors).toBeGreaterThan(8_000);
  expect((performance.now() - started) / 10_000).toBeLessThan(5);
});
