/** The sixteen conditions of Jcc, SETcc and CMOVcc in the order of their codes (SDM vol 1, appendix B), the name to print first. */
export const CONDITIONS: readonly (readonly string[])[] = [
  ['o'],
  ['no'],
  ['b', 'c', 'nae'],
  ['ae', 'nb', 'nc'],
  ['e', 'z'],
  ['ne', 'nz'],
  ['be', 'na'],
  ['a', 'nbe'],
  ['s'],
  ['ns'],
  ['p', 'pe'],
  ['np', 'po'],
  ['l', 'nge'],
  ['ge', 'nl'],
  ['le', 'ng'],
  ['g', 'nle'],
];

const CODES: ReadonlyMap<string, number> = new Map(CONDITIONS.flatMap((names, code) => names.map((name) => [name, code] as const)));

/** The code of a condition by any of its names, lower case; undefined when there is none such. */
export function conditionCode(name: string): number | undefined {
  return CODES.get(name);
}

/** `je` of `Jcc` and 4. */
export function withCondition(mnemonic: string, code: number): string {
  return mnemonic.toLowerCase().replace(/cc$/, CONDITIONS[code & 15][0]);
}
