/** What readers type, as a link has it. */
import { say } from '../lib/say.ts';
import type { Input, Machine } from '../machine/machine.ts';
import { Refused } from './refused.ts';
import type { Typed } from './views.ts';

/** How many bytes each console was given as the machine was switched on. */
export type Given = readonly number[];

export function givenTo(machine: Machine): Given {
  const given = machine.board.uarts.map(() => 0);
  for (const { console } of machine.inputs) given[console]++;
  return given;
}

/** What was typed since, bytes of one moment at one console together. */
export function typedOf(machine: Machine, given: Given): readonly Typed[] {
  const left = [...given];
  const typed: [number, number, string][] = [];
  for (const { n, console, byte } of machine.inputs) {
    if (left[console]-- > 0) continue;
    const last = typed[typed.length - 1];
    const text = String.fromCharCode(byte);
    if (last !== undefined && last[0] === n && last[1] === console) last[2] += text;
    else typed.push([n, console, text]);
  }
  return typed;
}

/** The bytes that a machine is given, with those that it has already. Throws Refused where there is no such console. */
export function bytesOf(machine: Machine, typed: readonly Typed[]): readonly Input[] {
  const consoles = machine.board.uarts.length;
  return [
    ...machine.inputs,
    ...typed.flatMap(([n, console, text]) => {
      if (console >= consoles)
        throw new Refused(say`Something is typed at console ${console}, and the last that can be typed at is ${consoles - 1}.`);
      return [...text].map((character) => ({ n, console, byte: character.charCodeAt(0) }));
    }),
  ];
}
