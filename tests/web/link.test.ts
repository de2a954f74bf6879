import { describe, expect, test } from 'vitest';
import { type LinkState, NOTHING, parseLink, printLink } from '../../src/web/app/link.ts';
import fc from '../support/cases.ts';

const ok = (hash: string): LinkState => {
  const parsed = parseLink(hash);
  if (!parsed.ok) throw new Error(parsed.error.message);
  return parsed.link;
};

const damaged = (hash: string) => {
  const parsed = parseLink(hash);
  return parsed.ok ? null : parsed.error;
};

describe('a good link', () => {
  test('names a scenario and a step', () => {
    expect(ok('#scenario=two-kernels&step=20481')).toEqual({
      ...NOTHING,
      scenario: 'two-kernels',
      source: null,
      step: 20481,
      exit: null,
      vmm: null,
      paging: null,
      vms: null,
      hash: false,
      theme: null,
    });
  });

  test('may name technique, machines, an event, the hash and the theme', () => {
    expect(ok('#v=1&scenario=a&vmm=vtx&vms=3&event=exit:7&hash=1&theme=dark')).toMatchObject({
      vmm: 'vtx',
      vms: 3,
      exit: 7,
      hash: true,
      theme: 'dark',
    });
  });

  test('may be empty', () => {
    expect(ok('').scenario).toBeNull();
    expect(ok('#').scenario).toBeNull();
  });

  test('has parts about looks that this page does not know', () => {
    expect(parseLink('#scenario=a&panels=rings')).toMatchObject({ ok: true, ignored: ['panels'] });
  });

  test.each(['startAt', 't', 'curInstr'])('may say %s for step, as other tools do', (name) => {
    expect(ok(`#scenario=a&${name}=12`).step).toBe(12);
    expect(damaged(`#scenario=a&step=1&${name}=12`)?.message).toContain('twice');
  });

  test('is the same after printing and reading', () => {
    const links = fc.record({
      scenario: fc.stringMatching(/^[a-z0-9][a-z0-9-]{0,20}$/),
      step: fc.option(fc.nat({ max: 1e12 })),
      vmm: fc.option(fc.constantFrom('none' as const, 'vtx' as const, 'svm' as const)),
      paging: fc.option(fc.constantFrom('shadow' as const, 'nested' as const)),
      cpu: fc.option(fc.constantFrom('haswell', 'phenom')),
      costs: fc.option(fc.constantFrom('p4-672-2005', 'haswell-2013')),
      numbers: fc.option(fc.constantFrom('dec' as const, 'bin' as const)),
      scale: fc.option(fc.constantFrom(0.75, 1.25, 2)),
      vms: fc.option(fc.integer({ min: 1, max: 4 })),
      hash: fc.boolean(),
      theme: fc.option(fc.constantFrom('light' as const, 'dark' as const)),
    });
    fc.assert(
      fc.property(links, (link) => {
        expect(ok(printLink(link))).toEqual({ ...NOTHING, ...link });
      }),
    );
  });
});

describe('a link to a file beside the page', () => {
  test('names a scenario file, and a step of it; the file itself says what machine it is', () => {
    expect(ok('#scenario=./my.scenario.json&step=4')).toEqual({ ...NOTHING, scenario: './my.scenario.json', step: 4 });
    expect(damaged('#scenario=./my.scenario.json&vmm=vtx')?.message).toContain('a scenario file, and its part “vmm” beside it');
  });

  test('names a lesson, and its page', () => {
    const link = { ...NOTHING, lesson: '../course/week-3.md', page: 2 };
    expect(ok(printLink(link))).toEqual(link);
  });

  test('or has the file inside', () => {
    const link = { ...NOTHING, file: { name: 'mine.md', text: '---\ntitle: <b>\n---\n# Eins\n' }, page: 2 };
    expect(printLink(link)).toMatch(/^#v=1&s=[\w-]+&page=2$/);
    expect(ok(printLink(link))).toEqual(link);
  });
});

describe('a link to a lesson', () => {
  test('has its page, from 1', () => {
    expect(ok('#lesson=first-exit&page=3')).toEqual({ ...NOTHING, lesson: 'first-exit', page: 3 });
    expect(printLink({ lesson: 'first-exit', page: 3 })).toBe('#lesson=first-exit&page=3');
    expect(printLink({ lesson: 'first-exit', page: 1 })).toBe('#lesson=first-exit');
  });

  test('says nothing of the machine beside it', () => {
    expect(damaged('#lesson=first-exit&step=3')?.message).toContain('a lesson, and its part “step” beside it');
    expect(damaged('#scenario=first-exit&page=3')?.message).toContain('a page and no lesson');
  });
});

describe('a damaged link', () => {
  test.each([
    ['#scenario=two-kernels&step=12x', 'step'],
    ['#scenario=two-kernels&step=-1', 'step'],
    ['#scenario=two-kernels&step=', 'step'],
    ['#scenario=two-kernels&step=007', 'step'],
    ['#scenario=two-kernels&step', 'no value'],
    ['#scenario=two-kernels&step=99999999999999999', 'step'],
    ['#scenario=two-kernels&step=1&step=2', 'twice'],
    ['#scenario=two-kernels&step=1&event=exit:2', 'both'],
    ['#scenario=two-kernels&event=exit:0', 'event'],
    ['#scenario=two-kernels&event=fault:1', 'event'],
    ['#scenario=two-kernels&vmm=kvm', 'technique'],
    ['#scenario=two-kernels&vms=9', 'machines'],
    ['#scenario=two-kernels&hash=yes', 'hash'],
    ['#scenario=two-kernels&v=2', 'version'],
    ['#scenario=two-kernels&%', 'nothing'],
    ['#scenario=two-kernels&step=%E0%A4%A', 'cut off'],
    ['#scenario=two-kernels&memory=8', 'another version'],
    ['#scenario=two-kernels&cpu=Phenom%20II', 'cpu'],
    ['#scenario=two-kernels&costs=', 'costs'],
  ])('%s says what is wrong, and names the scenario that it can still read', (hash, word) => {
    const error = damaged(hash);
    expect(error?.message).toContain('damaged');
    expect(error?.message).toContain(word);
    expect(error?.scenario).toBe('two-kernels');
  });

  test.each([
    '#step=3',
    '#vmm=vtx',
    '#s=eJyrVkrLz1eyUlBKSixSqgUAIRMEdA',
    '#s=',
    '#s=A',
    '#s=%00',
    '#scenario=../../x%2f%2f?',
    '#scenario=//else.where/x.json',
    '#scenario=https://else.where/x.json',
    '#scenario=Two%20Kernels',
    '#nonsense',
    '#=',
    '#__proto__=1',
  ])('%s names no scenario to offer', (hash) => {
    expect(damaged(hash)).toMatchObject({ scenario: null });
  });

  test('never reads as another scenario or step: a cut link is an error, a smaller number of the same digits, or complete', () => {
    const full = '#scenario=two-kernels&vmm=vtx&step=20481';
    for (let end = 1; end < full.length; end++) {
      const parsed = parseLink(full.slice(0, end));
      if (!parsed.ok) continue;
      expect(full).toContain(`scenario=${parsed.link.scenario ?? ''}`);
      if (parsed.link.step !== null) expect('20481'.startsWith(String(parsed.link.step))).toBe(true);
    }
  });

  test('is never an exception', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(typeof parseLink(`#${text}`).ok).toBe('boolean');
      }),
    );
  });
});
