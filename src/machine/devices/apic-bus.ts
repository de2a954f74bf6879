/** What local and I/O APICs say to each other: SDM vol 3, 10.6 and 10.7. */

/** Delivery modes, as the interrupt command register and redirection entries number them. */
export const FIXED = 0;
export const LOWEST_PRIORITY = 1;
export const SMI = 2;
export const NMI = 4;
export const INIT = 5;
export const STARTUP = 6;
export const EXT_INT = 7;

export interface ApicMessage {
  readonly mode: number;
  readonly vector: number;
  /** Level-triggered, for the fixed and lowest-priority modes. */
  readonly level: boolean;
  /** The destination is a set of logical identifiers, not one physical. */
  readonly logical: boolean;
  readonly destination: number;
}

/** A local APIC as the bus sees it. */
export interface ApicAgent {
  /** Bits 31:24 of the ID register. */
  readonly identifier: number;
  /** Takes part in lowest-priority delivery with this; lower is more willing. */
  readonly priority: number;
  /** Whether a logical destination means it. */
  isAddressed(destination: number): boolean;
  accept(message: ApicMessage): void;
}

/** An I/O APIC as the bus sees it. */
export interface EoiListener {
  /** The end of a level-triggered interrupt. */
  endOfInterrupt(vector: number): void;
}

const EVERYBODY = 0xff;

export class ApicBus {
  readonly agents: ApicAgent[] = [];
  readonly listeners: EoiListener[] = [];

  send(message: ApicMessage): void {
    const { destination, logical } = message;
    const meant = this.agents.filter((agent) =>
      logical ? agent.isAddressed(destination) : destination === EVERYBODY || agent.identifier === destination,
    );
    if (message.mode !== LOWEST_PRIORITY) {
      for (const agent of meant) agent.accept(message);
      return;
    }
    const willing = meant.reduce<ApicAgent | undefined>(
      (best, agent) => (best === undefined || agent.priority < best.priority ? agent : best),
      undefined,
    );
    willing?.accept({ ...message, mode: FIXED });
  }

  /** Of a level-triggered interrupt; -1 was none. */
  endOfInterrupt(vector: number): void {
    if (vector >= 0) for (const listener of this.listeners) listener.endOfInterrupt(vector);
  }
}
