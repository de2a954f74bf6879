/** A local APIC of 2000 to 2010 (xAPIC): SDM vol 3, chapter 10. */
import type { MmioRegion } from '../bus.ts';
import type { Clock, DeviceState, Line, PortRange, TimedDevice } from '../device.ts';
import { type ApicAgent, type ApicBus, type ApicMessage, EXT_INT, FIXED, INIT, LOWEST_PRIORITY, NMI, STARTUP } from './apic-bus.ts';
import {
  APR,
  BASE_BOOTSTRAP,
  BASE_DEFINED,
  BASE_ENABLED,
  BASE_RESET,
  CURRENT_COUNT,
  commandMessage,
  DFR,
  DIVIDE,
  EOI,
  ESR,
  FIRST_VECTOR,
  ICR_HIGH,
  ICR_LOW,
  ID,
  ILLEGAL_REGISTER,
  INITIAL_COUNT,
  IRR,
  ISR,
  isHeld,
  isLvt,
  isReadOnly,
  LDR,
  LVT_ERROR,
  LVT_LINT0,
  LVT_LINT1,
  LVT_MASKED,
  LVT_PERIODIC,
  LVT_TIMER,
  modeOf,
  PAGE,
  PPR,
  RECEIVED_ILLEGAL,
  REGISTERS,
  SENT_ILLEGAL,
  SVR,
  SVR_ENABLE,
  shorthand,
  TMR,
  TPR,
  VERSION,
  VERSION_VALUE,
  written,
} from './apic-registers.ts';
import { ApicTimer } from './apic-timer.ts';
import { Priorities } from './apic-vectors.ts';

export interface LocalApicConfig {
  readonly name: string;
  readonly clock: Clock;
  readonly bus: ApicBus;
  readonly identifier: number;
  /** The bootstrap processor's. */
  readonly bootstrap: boolean;
  /** The processor's INTR input. */
  readonly intr: Line;
  nmi(): void;
  init(): void;
  /** Start-up IPI: code begins at `vector` times 4096. */
  startup(vector: number): void;
  /** The 8259A behind LINT0: its INTA cycle. */
  acknowledgeExternal(): number;
}

export class LocalApic implements TimedDevice, ApicAgent {
  readonly name: string;
  readonly ports: readonly PortRange[] = [];
  identifier: number;
  readonly interrupts = new Priorities();
  readonly timer: ApicTimer;
  /** Bits 31:0 of IA32_APIC_BASE. */
  base = 0;
  /** Level of LINT0. */
  lint0 = false;
  #config: LocalApicConfig;
  /** The registers that hold what was written to them, by their offset divided by 16. */
  #held = new Int32Array(REGISTERS);
  /** Errors since the last write to the error status. */
  #errors = 0;

  /** Its registers, where IA32_APIC_BASE has them; nowhere while it is disabled. */
  readonly region: MmioRegion;

  constructor(config: LocalApicConfig) {
    this.#config = config;
    this.name = config.name;
    this.identifier = config.identifier;
    this.timer = new ApicTimer(config.clock);
    config.bus.agents.push(this);
    const apic = this;
    this.region = {
      get first() {
        return (apic.base & BASE_ENABLED) !== 0 ? (apic.base & ~(PAGE - 1)) >>> 0 : Number.POSITIVE_INFINITY;
      },
      get last() {
        return this.first + PAGE - 1;
      },
      read: (address, size) => this.#readRegister(address, size),
      write: (address, _size, value) => {
        this.#write(address & (PAGE - 16), value);
        this.#drive();
      },
    };
  }

  /** WRMSR of IA32_APIC_BASE; false: #GP(0). Disabling it forgets everything but the pins. */
  writeBase(low: number, high: number): boolean {
    if ((low & ~BASE_DEFINED) !== 0 || high !== 0) return false;
    if ((low & BASE_ENABLED) === 0) this.#clear();
    this.base = (low & ~BASE_BOOTSTRAP) | (this.#config.bootstrap ? BASE_BOOTSTRAP : 0);
    this.#drive();
    return true;
  }

  /** As firmware leaves it for systems that do not look for an APIC: the 8259A's interrupts pass through LINT0, NMIs through LINT1. */
  passThrough(): void {
    this.#hold(SVR, 0xff | SVR_ENABLE);
    this.#hold(LVT_LINT0, EXT_INT << 8);
    this.#hold(LVT_LINT1, NMI << 8);
    this.#drive();
  }

  /** INT of the 8259A. */
  external(level: boolean): void {
    const rises = level && !this.lint0;
    this.lint0 = level;
    const entry = this.#held[LVT_LINT0 >>> 4];
    if (rises && this.#passes(entry) && modeOf(entry) !== EXT_INT) this.#local(entry);
    this.#drive();
  }

  get priority(): number {
    return this.interrupts.ppr;
  }

  isAddressed(destination: number): boolean {
    const own = this.#held[LDR >>> 4] >>> 24;
    if (this.#held[DFR >>> 4] >>> 28 === 0xf) return (own & destination) !== 0;
    return own >>> 4 === destination >>> 4 && (own & destination & 0xf) !== 0;
  }

  accept(message: ApicMessage): void {
    const { mode, vector } = message;
    if (mode === NMI) this.#config.nmi();
    else if (mode === INIT) this.#config.init();
    else if (mode === STARTUP) this.#config.startup(vector);
    else if ((mode === FIXED || mode === LOWEST_PRIORITY) && this.#enabled) this.#request(vector, message.level);
    this.#drive();
  }

  /** The INTA cycle. */
  acknowledge(): number {
    const vector = this.#deliverable;
    if (vector < 0) return this.#passesExternal ? this.#config.acknowledgeExternal() : this.#held[SVR >>> 4] & 0xff;
    this.interrupts.serve(vector);
    this.#drive();
    return vector;
  }

  /** A register in memory; only whole doublewords are defined. */
  #readRegister(address: number, size: number): number {
    const value = this.#read(address & (PAGE - 16)) >>> (8 * (address & 3));
    return size === 4 ? value | 0 : value & ((1 << (8 * size)) - 1);
  }

  read(): number {
    return 0xff;
  }

  write(): void {}

  nextEvent(): number {
    return this.timer.nextEvent;
  }

  advance(): void {
    if (this.timer.expire() && this.#passes(this.#held[LVT_TIMER >>> 4])) this.#request(this.#held[LVT_TIMER >>> 4] & 0xff, false);
    this.#drive();
  }

  /** Will, in time and by itself, interrupt: for a processor that waits. */
  get willInterrupt(): boolean {
    return this.#deliverable >= 0 || (this.timer.running && this.#passes(this.#held[LVT_TIMER >>> 4]));
  }

  /** Whether the 8259A reaches the processor. */
  get #passesExternal(): boolean {
    if ((this.base & BASE_ENABLED) === 0) return this.lint0;
    return this.lint0 && this.#passes(this.#held[LVT_LINT0 >>> 4]) && modeOf(this.#held[LVT_LINT0 >>> 4]) === EXT_INT;
  }

  get intr(): boolean {
    return this.#deliverable >= 0 || this.#passesExternal;
  }

  get #enabled(): boolean {
    return (this.base & BASE_ENABLED) !== 0 && (this.#held[SVR >>> 4] & SVR_ENABLE) !== 0;
  }

  #passes(entry: number): boolean {
    return this.#enabled && (entry & LVT_MASKED) === 0;
  }

  get #deliverable(): number {
    return this.#enabled ? this.interrupts.next : -1;
  }

  #drive(): void {
    this.#config.intr(this.intr);
  }

  #request(vector: number, level: boolean): void {
    if (vector < FIRST_VECTOR) {
      this.#error(RECEIVED_ILLEGAL);
      return;
    }
    this.interrupts.request(vector, level);
  }

  /** An interrupt of the local vector table. */
  #local(entry: number): void {
    const mode = modeOf(entry);
    if (mode === NMI) this.#config.nmi();
    else if (mode === INIT) this.#config.init();
    else if (mode === FIXED) this.#request(entry & 0xff, false);
  }

  #error(bit: number): void {
    this.#errors |= bit;
    const entry = this.#held[LVT_ERROR >>> 4];
    if (this.#passes(entry) && (entry & 0xff) >= FIRST_VECTOR) this.#request(entry & 0xff, false);
  }

  #command(): void {
    const low = this.#held[ICR_LOW >>> 4];
    const { bus } = this.#config;
    const mode = modeOf(low);
    if ((mode === FIXED || mode === LOWEST_PRIORITY) && (low & 0xff) < FIRST_VECTOR) {
      this.#error(SENT_ILLEGAL);
      return;
    }
    const message = commandMessage(low, this.#held[ICR_HIGH >>> 4]);
    if (message === null) return;
    const agents = shorthand(low, this, bus.agents);
    if (agents === null) bus.send(message);
    else for (const agent of agents) agent.accept(message);
  }

  #hold(offset: number, value: number): void {
    this.#held[offset >>> 4] = value;
  }

  #read(offset: number): number {
    const { irr, isr, tmr, ppr, tpr } = this.interrupts;
    if (offset >= ISR && offset < ISR + 0x80) return isr.words[(offset - ISR) >>> 4];
    if (offset >= TMR && offset < TMR + 0x80) return tmr.words[(offset - TMR) >>> 4];
    if (offset >= IRR && offset < IRR + 0x80) return irr.words[(offset - IRR) >>> 4];
    switch (offset) {
      case ID:
        return this.identifier << 24;
      case VERSION:
        return VERSION_VALUE;
      case TPR:
        return tpr;
      case APR:
      case PPR:
        return ppr;
      case INITIAL_COUNT:
        return this.timer.initial | 0;
      case CURRENT_COUNT:
        return this.timer.current | 0;
      case DIVIDE:
        return this.timer.divide;
      case EOI:
        return 0;
      default:
        if (!isHeld(offset)) this.#error(ILLEGAL_REGISTER);
        return this.#held[offset >>> 4];
    }
  }

  #write(offset: number, value: number): void {
    switch (offset) {
      case ID:
        this.identifier = value >>> 24;
        return;
      case TPR:
        this.interrupts.tpr = value & 0xff;
        return;
      case EOI:
        this.#config.bus.endOfInterrupt(this.interrupts.end());
        return;
      case ESR:
        this.#hold(ESR, this.#errors);
        this.#errors = 0;
        return;
      case INITIAL_COUNT:
        this.timer.load(value);
        return;
      case DIVIDE:
        this.timer.configure(value);
        return;
      default:
        if (isHeld(offset)) this.#writeHeld(offset, value);
        else if (!isReadOnly(offset)) this.#error(ILLEGAL_REGISTER);
    }
  }

  /** While the APIC is disabled by software every entry of the local vector table stays masked. */
  #writeHeld(offset: number, value: number): void {
    this.#hold(offset, written(offset, value) | (isLvt(offset) && (this.#held[SVR >>> 4] & SVR_ENABLE) === 0 ? LVT_MASKED : 0));
    if (offset === SVR && (value & SVR_ENABLE) === 0) this.#maskAll();
    else if (offset === LVT_TIMER) this.timer.periodic = (value & LVT_PERIODIC) !== 0;
    else if (offset === ICR_LOW) this.#command();
  }

  #maskAll(): void {
    for (let offset = LVT_TIMER; offset <= LVT_ERROR; offset += 16) this.#held[offset >>> 4] |= LVT_MASKED;
  }

  #clear(): void {
    this.interrupts.clear();
    this.#held.fill(0);
    this.#hold(DFR, -1);
    this.#hold(SVR, 0xff);
    this.#errors = 0;
    this.#maskAll();
    this.timer.periodic = false;
    this.timer.divide = 0;
    this.timer.load(0);
  }

  /** INIT: as RESET, but for the identifier and IA32_APIC_BASE (10.4.7.3). */
  initialize(): void {
    this.#clear();
    this.#drive();
  }

  reset(): void {
    this.identifier = this.#config.identifier;
    this.base = BASE_RESET | BASE_ENABLED | (this.#config.bootstrap ? BASE_BOOTSTRAP : 0);
    this.lint0 = false;
    this.initialize();
  }

  save(): DeviceState {
    const { timer, interrupts } = this;
    const { irr, isr, tmr, tpr } = interrupts;
    return [
      ...[this.identifier, this.base, Number(this.lint0), this.#errors, tpr],
      ...[timer.initial, timer.divide, Number(timer.periodic), timer.start, Number(timer.running)],
      ...irr.words,
      ...isr.words,
      ...tmr.words,
      ...this.#held,
    ];
  }

  load(state: DeviceState): void {
    const { timer, interrupts } = this;
    let i = 0;
    const next = (): number => state[i++];
    this.identifier = next();
    this.base = next();
    this.lint0 = next() !== 0;
    this.#errors = next();
    interrupts.tpr = next();
    timer.initial = next();
    timer.divide = next();
    timer.periodic = next() !== 0;
    timer.start = next();
    timer.running = next() !== 0;
    for (const words of [interrupts.irr.words, interrupts.isr.words, interrupts.tmr.words, this.#held])
      for (let word = 0; word < words.length; word++) words[word] = next();
  }
}
