/** What unwinds an instruction. Preallocated plain objects: throwing one costs a fraction of an Error. */

/** An exception: vector and error code lie in the processor's `pending*` fields. */
export const FAULT = { signal: 'fault' } as const;

/** The instruction does not complete, and what happens in its place (a VM exit) is already done. */
export const ABANDONED = { signal: 'abandoned' } as const;

/**
 * In guest mode, a memory access that the host looks at first (EPT violation, APIC access). What is known of it lies with the extension, which
 * exits once EIP is that of the instruction under way; nothing else has changed.
 */
export const INTERCEPTED = { signal: 'intercepted' } as const;

/** An access outside RAM needs exact counters: the instruction begins again with them. Nothing has changed but RAM that it will write again, and that it does not read. */
export const INEXACT = { signal: 'inexact' } as const;

/** The instruction waits for an interrupt in front of it, and begins again behind that: nothing has changed. */
export const FROZEN = { signal: 'frozen' } as const;

/** The simulator has no such thing yet: the machine stops and says what. */
export class NotImplemented {
  readonly what: string;
  constructor(what: string) {
    this.what = what;
  }
}

export function notImplemented(what: string): never {
  throw new NotImplemented(what);
}

/* Bits of `Cpu.attention`: why a block may have to end before its last instruction. */
/** Its bytes may have changed, or something may be due: it ends behind the present instruction. */
export const MUST_END = 1 << 0;
/** A page walk took cycles that nobody had counted in: it ends if they reach the next event. */
export const TIME_PASSED = 1 << 1;
