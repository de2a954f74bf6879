/**
 * How often a guest has come to one of its instructions. What counts is what the guest can tell: an instruction that its monitor lets begin again behind
 * the guest's back (a shadow page filled, a traced write stepped over) has come once; one that a fault of the guest's own sends through its
 * handler and back has come twice.
 */
import type { Cpu } from '../cpu/cpu.ts';
import { placeCpl } from '../cpu/events.ts';
import type { Marks } from '../cpu/marks.ts';
import { at } from '../cpu/state.ts';
import { Kind } from '../trace/log.ts';
import type { Stage } from './stage.ts';
import { whoAt } from './view/who.ts';

export const ANY_VM = -1;

/** An instruction of a guest. */
export interface GuestAddress {
  /** 0 on the bare machine, ANY_VM in whichever virtual machine. */
  readonly vm: number;
  /** Linear address by the guest's own view, of translated code that of the original. */
  readonly linear: number;
  /** The program whose it is; empty in a kernel. Programs may share an address. */
  readonly program: string;
}

const OFFSET = 0xfff;

/* Injected event, VMCS and VMCB alike: type 10:8; 0 external interrupt, 2 NMI, 3 exception, 4 software interrupt. Bit 31: there is one. */
const injectedType = (info: number): number => (info >>> 8) & 7;
const comesBack = (info: number): boolean => info !== 0 && (injectedType(info) === 0 || injectedType(info) === 2);

/** Counts arrivals at one instruction, and is told of every attempt to run it. */
export class Arrivals implements Visitor {
  readonly place: GuestAddress;
  /** Arrivals that are over. The guest stands before the next one, or is on its way to it. */
  count = 0;
  /** Step count at which the processor first stood before the wanted arrival, and before the last one of all; -1 when it has not. */
  met = -1;
  last = -1;
  private readonly stage: Stage;
  private readonly wanted: number;
  private readonly until: number;
  private begun = -1;
  /** EIP there. */
  private begunEip = 0;
  /** The instruction begun last has ended in a fault or an exit so far: it may turn out to be no arrival. */
  private open = false;
  private repeats = false;

  /**
   * @param wanted the arrival that is looked for, from 1
   * @param until step count from which on nothing counts
   */
  constructor(stage: Stage, place: GuestAddress, { wanted = Number.POSITIVE_INFINITY, until = Number.POSITIVE_INFINITY } = {}) {
    this.stage = stage;
    this.place = place;
    this.wanted = wanted;
    this.until = until;
  }

  /** The guest's EIP and the step count before it. */
  begins(n: number, eip: number): void {
    if (n === this.begun || n >= this.until) return;
    this.settle(n);
    this.begun = n;
    this.begunEip = eip;
    this.open = true;
    if (this.repeats) return;
    if (this.count === this.wanted - 1 && this.met < 0) this.met = n;
    this.last = n;
  }

  /** The attempt that began at step count `n` has ended well; an iteration of REP may be followed by another. */
  done(n: number, repeats: boolean): void {
    if (n !== this.begun) return;
    this.open = false;
    if (!this.repeats) this.count++;
    this.repeats = repeats;
  }

  /** Decides what has become of the last attempt, now that the processor stands at step count `n`, or at `until`. */
  settle(now: number): void {
    const n = Math.min(now, this.until);
    if (this.open && n > this.begun && !this.repeats && !this.beganAgain(n)) this.count++;
    if (n > this.begun) this.open = false;
  }

  /** Whether the monitor has let the last attempt begin again at step count `n`, or will, and the guest has seen nothing of it. */
  private beganAgain(n: number): boolean {
    const { log, compressed } = this.stage;
    const { vm } = this.place;
    if (vm === 0) return false;
    for (let row = log.firstAt(this.begun + 1); row < log.length && log.stepOf(row) <= n; row++) {
      if (log.vmOf(row) !== vm) continue;
      if (log.kindOf(row) === Kind.VMENTRY) {
        if (log.stepOf(row) === n) return true;
        const injected = log.valueOf(row, 2);
        if (log.valueOf(row, 0) >>> 0 !== this.begunEip) return false;
        if (injected !== 0) return comesBack(injected);
      } else if (compressed && placeCpl(log.fromOf(row)) === 0 && placeCpl(log.toOf(row)) !== 0) {
        if (log.stepOf(row) === n) return true;
        if (!this.isInterrupted(row)) return false;
      }
    }
    return false;
  }

  /** Whether an interrupt has come right behind an entry into the guest. */
  private isInterrupted(entry: number): boolean {
    const { log } = this.stage;
    const next = entry + 1;
    return next < log.length && log.kindOf(next) === Kind.INTERRUPT && log.stepOf(next) === log.stepOf(entry) + 1;
  }
}

/** Who is told when the processor is about to run an instruction of a guest, or of a monitor, whose VM is 0. */
export interface Visitor {
  readonly place: GuestAddress;
  begins(n: number, eip: number): void;
  done?(n: number, repeats: boolean): void;
}

/** The marks for some visitors: which of them the processor is at. Translated instructions are marked by their originals. */
export class PlaceMarks implements Marks {
  private readonly stage: Stage;
  private readonly byAddress = new Map<number, Visitor[]>();
  private readonly offsets: ReadonlySet<number>;
  private readonly vms: readonly number[];
  /** Linear address of a translation to that of its original, found when it was decoded: a monitor that makes another writes other code. */
  private readonly originals = new Map<number, number>();
  private at: readonly Visitor[] = [];

  constructor(stage: Stage, all: readonly Visitor[]) {
    this.stage = stage;
    for (const one of all) {
      const same = this.byAddress.get(one.place.linear);
      if (same === undefined) this.byAddress.set(one.place.linear, [one]);
      else same.push(one);
    }
    this.offsets = new Set([...this.byAddress.keys()].map((linear) => linear & OFFSET));
    const every = Array.from({ length: stage.vms }, (_, k) => k + 1);
    this.vms = [...new Set(all.flatMap(({ place }) => (place.vm === ANY_VM ? every : [place.vm])))];
  }

  has(physical: number): boolean {
    return this.offsets.has(physical & OFFSET) || this.isTranslation(physical);
  }

  begins(cpu: Cpu, linear: number): void {
    this.at = this.visitorsAt(cpu, linear >>> 0);
    const eip = (linear - cpu.s[at.csBase]) >>> 0;
    for (const one of this.at) one.begins(cpu.steps, eip);
  }

  done(cpu: Cpu, repeats: boolean): void {
    for (const one of this.at) one.done?.(cpu.steps, repeats);
  }

  private isTranslation(physical: number): boolean {
    const { translation } = this.stage.images;
    if (translation === null) return false;
    for (const vm of this.vms) {
      const original = translation.originalAt(vm, physical);
      if (!this.byAddress.has(original)) continue;
      this.originals.set(translation.linearOf(physical), original);
      return true;
    }
    this.originals.delete(translation.linearOf(physical));
    return false;
  }

  private visitorsAt(cpu: Cpu, linear: number): readonly Visitor[] {
    const { log, images } = this.stage;
    const translated = images.translation !== null && placeCpl(cpu.place) === 1;
    const original = translated ? (this.originals.get(linear) ?? linear) : linear;
    const here = this.byAddress.get(original);
    if (here === undefined) return NONE;
    const vm = log.runningVm();
    const inVm = here.filter(({ place }) => place.vm === vm || (place.vm === ANY_VM && vm > 0));
    if (inVm.every(({ place }) => place.program === '')) return inVm;
    const { name } = whoAt(images, cpu.place, vm, log.physicalAt(linear));
    return inVm.filter(({ place }) => place.program === '' || place.program === name);
  }
}

const NONE: readonly Visitor[] = [];
