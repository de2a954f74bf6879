/** Numbers for people. */
import { say } from './say.ts';

/** With the thousands apart as the language has them: `1,234`. Its message is the language's tag. */
export const counted = (value: number): string => value.toLocaleString(say`en`);
