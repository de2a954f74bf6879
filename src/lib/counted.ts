/** Numbers and choices for people. */
import { say } from './say.ts';

/** With the thousands apart as the language has them: `1,234`. Its message is the language's tag. */
export const counted = (value: number): string => value.toLocaleString(say`en`);

/** `0 or 2`, `1 or 2 or 3` */
export const either = (choices: readonly string[]): string => choices.reduce((left, right) => say`${left} or ${right}`);
