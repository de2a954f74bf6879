/** What was changed of minim for the monitor `para`, line by line. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { guestFiles } from '../../src/session/guests.ts';
import { comparePort } from '../../src/session/porting.ts';
import { Session } from '../../src/session/session.ts';

const textOf = (path: string): string => guestFiles().text(path) ?? '';

describe('the sources of minim under para', () => {
  const sources = Session.open({ scenario: 'one-system', vmm: 'para' }).sources();
  const ported = sources.filter(({ port }) => port !== undefined);

  test('unchanged files are the very same, changed ones have their own folder', () => {
    const same = ported.filter(({ port }) => port?.parts.length === 0).map(({ path }) => path);
    expect(same).toEqual(['minim/pages.inc', 'minim/files.inc', 'minim/insmod.inc']);
    for (const { path, port } of ported.filter(({ path }) => !same.includes(path))) {
      expect(path).toMatch(/^minim\/para\//);
      expect(port?.from).toBe(path === 'minim/para/tables.inc' ? '' : path.replace('para/', ''));
    }
  });

  test('both sources are there whole, each line once, and in order', () => {
    for (const { path, text, port } of ported) {
      if (port === undefined || port.parts.length === 0) continue;
      const lines = (side: 'old' | 'now') => port.parts.flatMap((part) => part[side].map((line) => line.text));
      const without = (source: string) => source.replace(/\n$/, '').split('\n');
      expect(lines('old'), path).toEqual(port.from === '' ? [] : without(textOf(port.from)));
      expect(lines('now'), path).toEqual(without(text).filter((line) => !/^\s*;@ port /.test(line)));
    }
  });

  test('all new code has a reason, with it or before it in the same file', () => {
    for (const { path, port } of ported) {
      let told = false;
      for (const { alike, why, now } of port?.parts ?? []) {
        told ||= why !== '';
        const code = now.some(({ text }) => text.replace(/;.*/, '').trim() !== '');
        if (!alike && code && path !== 'minim/para/minim.asm') expect([path, now[0]?.text, told]).toEqual([path, now[0]?.text, true]);
      }
    }
  });

  test('the page on the port has its figures', () => {
    const sum = (of: 'code' | 'changed') => ported.reduce((all, { port }) => all + (port?.[of] ?? 0), 0);
    const page = readFileSync(new URL('../../docs/para.md', import.meta.url), 'utf8');
    expect(page).toContain(`${sum('changed')} of ${sum('code')} lines of code`);
  });

  test('no privileged instruction is left in the port', () => {
    const privileged =
      /^\s*(?:[.\w]+:)?\s*(cli|sti|hlt|in|out|rep\s+insw|rep\s+outsw|lgdt|lidt|ltr|invlpg|wrmsr|sysexit|mov\s+cr\d|mov\s+\w+,\s*cr\d)\b/;
    const left = ported.flatMap(({ path, text }) =>
      text
        .split('\n')
        .filter((line) => privileged.test(line))
        .map((line) => `${path}: ${line}`),
    );
    expect(left).toEqual([]);
    expect(
      textOf('minim/task.inc')
        .split('\n')
        .filter((line) => privileged.test(line)).length,
    ).toBeGreaterThan(3);
  });
});

describe('two texts', () => {
  test('code that is new, gone and alike is counted without comments and empty lines', () => {
    const { code, changed, gone, parts } = comparePort(
      'a.inc',
      'one\ntwo ; 2\n; three\nfour\n',
      'one\n\n;@ port because\n2 ; two\nsecond\nfour\n',
    );
    expect({ code, changed, gone }).toEqual({ code: 4, changed: 2, gone: 1 });
    expect(parts.map(({ alike, why }) => [alike, why])).toEqual([
      [true, ''],
      [false, 'because'],
      [true, ''],
    ]);
    expect(parts[1].old.map(({ line, text }) => [line, text])).toEqual([
      [2, 'two ; 2'],
      [3, '; three'],
    ]);
    expect(parts[1].now.map(({ line }) => line)).toEqual([2, 4, 5]);
  });

  test('a semicolon in quotes begins no comment', () => {
    expect(comparePort('', '', 'db ";"\n; only this\n').code).toBe(1);
  });
});
