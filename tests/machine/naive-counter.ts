/**
 * The 8254's counter written down pulse by pulse, from the data sheet's mode definitions: the reference for the real one.
 * A count of 1 is illegal in modes 2 and 3; both stand still then.
 */
export class NaiveCounter {
  out = true;
  gate: boolean;
  count = 0;
  private onOut: (level: boolean) => void;
  private control = 0x34;
  private reload = 0;
  private loaded = 0;
  private load = false;
  private trigger = false;
  private written = false;
  private running = false;
  private strobe = false;
  private null = true;
  private low = -1;
  private readHigh = false;
  private latch = -1;
  private status = -1;

  constructor(gate: boolean, onOut: (level: boolean) => void) {
    this.gate = gate;
    this.onOut = onOut;
  }

  private get mode(): number {
    const mode = (this.control >> 1) & 7;
    return mode > 5 ? mode - 4 : mode;
  }

  private get bcd(): boolean {
    return (this.control & 1) !== 0;
  }

  tick(): void {
    const { mode } = this;
    if (this.load || this.trigger) {
      this.load = false;
      this.trigger = false;
      this.transfer();
      this.running = true;
      this.strobe = true;
      if (mode === 1) this.set(false);
      else if (mode !== 0) this.set(true);
      return;
    }
    if (mode >= 4 && !this.out) {
      this.down(this.gate || mode === 5 ? 1 : 0);
      this.set(true);
      return;
    }
    if (!this.running) return;
    switch (mode) {
      case 0:
        if (!this.gate || this.low >= 0) return;
        this.down(1);
        if (this.count === 0) this.set(true);
        break;
      case 1:
        this.down(1);
        if (this.count === 0) this.set(true);
        break;
      case 2:
        if (!this.gate || this.loaded === 1) return;
        if (this.count === 1) {
          this.transfer();
          this.set(true);
        } else {
          this.down(1);
          if (this.count === 1) this.set(false);
        }
        break;
      case 3: {
        if (!this.gate || this.loaded === 1) return;
        const last = this.loaded % 2 === 1 && this.out ? 0 : 2;
        if (this.count === last) {
          this.transfer();
          this.set(!this.out);
        } else this.down(2);
        break;
      }
      default:
        if (mode === 4 && !this.gate) return;
        this.down(1);
        if (this.count === 0 && this.strobe) {
          this.strobe = false;
          this.set(false);
        }
    }
  }

  program(_now: number, control: number): void {
    this.control = control;
    if (this.bcd) this.count %= 10000;
    this.reload = 0;
    this.load = false;
    this.trigger = false;
    this.written = false;
    this.running = false;
    this.null = true;
    this.low = -1;
    this.readHigh = false;
    this.latch = -1;
    this.status = -1;
    this.set(this.mode !== 0);
  }

  write(_now: number, byte: number): void {
    const access = this.control >> 4;
    if (access === 1) this.commit(byte);
    else if (access === 2) this.commit(byte << 8);
    else if (this.low < 0) {
      this.low = byte;
      if (this.mode === 0) this.set(false);
    } else {
      const count = (byte << 8) | this.low;
      this.low = -1;
      this.commit(count);
    }
  }

  read(_now: number): number {
    if (this.status >= 0) {
      const status = this.status;
      this.status = -1;
      return status;
    }
    const access = this.control >> 4;
    const value = this.latch >= 0 ? this.latch : this.encoded();
    if (access === 3 && !this.readHigh) {
      this.readHigh = true;
      return value & 0xff;
    }
    this.readHigh = false;
    this.latch = -1;
    return access === 1 ? value & 0xff : value >> 8;
  }

  latchCount(_now: number): void {
    if (this.latch < 0) this.latch = this.encoded();
  }

  latchStatus(_now: number): void {
    if (this.status < 0) this.status = (this.out ? 0x80 : 0) | (this.null ? 0x40 : 0) | this.control;
  }

  setGate(_now: number, level: boolean): void {
    const rising = level && !this.gate;
    this.gate = level;
    if (rising && this.mode !== 0 && this.mode !== 4 && this.written) this.trigger = true;
    if (!level && (this.mode === 2 || this.mode === 3)) this.set(true);
  }

  private commit(count: number): void {
    const digits = [...count.toString(16)].map((digit) => Number.parseInt(digit, 16));
    this.reload = this.bcd ? digits.reduce((value, digit) => value * 10 + digit, 0) % 10000 : count;
    this.null = true;
    this.written = true;
    if (this.mode === 0) this.set(false);
    if (this.mode === 0 || this.mode === 4) this.load = true;
    if ((this.mode === 2 || this.mode === 3) && (!this.running || this.loaded === 1)) this.load = true;
  }

  private transfer(): void {
    this.loaded = this.reload;
    this.count = this.mode === 3 ? this.reload - (this.reload % 2) : this.reload;
    this.null = false;
  }

  private down(by: number): void {
    for (let i = 0; i < by; i++) this.count = this.count === 0 ? (this.bcd ? 9999 : 65535) : this.count - 1;
  }

  private encoded(): number {
    return this.bcd ? Number.parseInt(String(this.count), 16) : this.count;
  }

  private set(level: boolean): void {
    if (level === this.out) return;
    this.out = level;
    this.onOut(level);
  }
}
