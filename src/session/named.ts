import { Refused } from './refused.ts';

/** What has that name, or what is usual where none is given. Throws Refused with what `find` says. */
export function named<T>(find: (name: string) => T, name: string | undefined, otherwise: T): T {
  if (name === undefined) return otherwise;
  try {
    return find(name);
  } catch (error) {
    throw new Refused(error instanceof Error ? error.message : String(error));
  }
}
