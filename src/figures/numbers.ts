/** How the registers' values are written. */
export type Numbers = 'hex' | 'dec' | 'bin';

export const NUMBERS: readonly Numbers[] = ['hex', 'dec', 'bin'];
