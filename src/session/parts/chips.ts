/** Timer, serial ports and APICs: what their registers say. Chips are looked at by what they save, so that looking changes nothing. */

import { h, hex2, hex4, hex8 } from '../../lib/hex.ts';
import { say } from '../../lib/say.ts';
import { type Board, SERIAL_PORTS } from '../../machine/board.ts';
import { COUNTER_STATE, Counter, SAVED_COUNTER } from '../../machine/devices/pit8254-counter.ts';
import { SAVED_UART } from '../../machine/devices/uart16550.ts';
import type { Machine } from '../../machine/machine.ts';
import { consoleTitle } from '../view/consoles.ts';
import type { ChipView } from '../views.ts';

type Row = ChipView['rows'][number];

const row = (name: string, value: string, meaning = ''): Row => ({ name, value, meaning });

function modeText(mode: number): string {
  switch (mode) {
    case 0:
      return say`mode 0: interrupt on terminal count`;
    case 1:
      return say`mode 1: one-shot`;
    case 2:
      return say`mode 2: rate generator`;
    case 3:
      return say`mode 3: square wave`;
    case 4:
      return say`mode 4: software strobe`;
    default:
      return say`mode 5: hardware strobe`;
  }
}

const USES = ['IRQ 0', '', ''] as const;

/** The 8254: its counters, and when counter 0 pulls its line next. */
export function timerView({ board, cycle }: Machine): ChipView {
  const { pit } = board;
  const { ticks } = pit;
  const saved = pit.save();
  const next = pit.nextEvent();
  const rows = USES.flatMap((use, k) => {
    const own = saved.slice(k * COUNTER_STATE, (k + 1) * COUNTER_STATE);
    const counter = new Counter(own[SAVED_COUNTER.gate] !== 0, () => {});
    counter.load(own);
    const name = use === '' ? say`counter ${k}` : say`counter ${k}, ${use}`;
    if (own[SAVED_COUNTER.written] === 0) return [row(name, '—', say`${modeText(own[SAVED_COUNTER.mode])}; no count written`)];
    const reload = own[SAVED_COUNTER.reload] === 0 ? 0x10000 : own[SAVED_COUNTER.reload];
    return [row(name, hex4(counter.count(ticks) & 0xffff), say`${modeText(own[SAVED_COUNTER.mode])}; counts down from ${reload}`)];
  });
  const due = Number.isFinite(next) ? say`in ${Math.max(0, Math.ceil(next - cycle))} cycles` : say`never`;
  return { name: say`8254 timer`, rows: [...rows, row(say`next change of counter 0`, due)] };
}

/** A 16550, and whose console it is. */
export function serialViews({ uarts, consoles }: Board): readonly ChipView[] {
  return uarts.map((uart, k) => {
    const saved = uart.save();
    const { name, base, irq } = SERIAL_PORTS[k];
    const [ier, lcr, mcr] = saved;
    const level = saved[SAVED_UART.level];
    const waiting = saved
      .slice(SAVED_UART.received, SAVED_UART.received + level)
      .map(hex2)
      .join(' ');
    return {
      name: say`${name} at ${h(base)}, IRQ ${irq}: ${consoleTitle(consoles[k])}`,
      rows: [
        row('IER', hex2(ier), (ier & 1) !== 0 ? say`a byte that comes in interrupts` : say`a byte that comes in waits to be looked for`),
        row('LCR', hex2(lcr), (lcr & 0x80) !== 0 ? say`the first two ports are the divisor’s` : ''),
        row('MCR', hex2(mcr), (mcr & 8) !== 0 ? say`OUT2: its interrupt reaches the 8259A` : say`its interrupt is cut off`),
        row(
          say`received`,
          String(level),
          waiting === '' ? (saved[SAVED_UART.fifo] !== 0 ? say`the FIFO is empty` : say`nothing waits`) : waiting,
        ),
      ],
    };
  });
}

/** The local APIC and the I/O APIC; none where the machine has none. */
export function apicViews({ localApic, ioApic }: Board): readonly ChipView[] {
  if (localApic === null || ioApic === null) return [];
  const { interrupts, timer } = localApic;
  const vectors = (set: { has(vector: number): boolean }): string => {
    const found = Array.from({ length: 256 }, (_, vector) => vector).filter((vector) => set.has(vector));
    return found.length === 0 ? say`none` : found.map((vector) => h(vector)).join(' ');
  };
  const local: ChipView = {
    name: say`local APIC`,
    rows: [
      row('IRR', vectors(interrupts.irr), say`accepted, and not taken yet`),
      row('ISR', vectors(interrupts.isr), say`in service`),
      row('TPR', hex2(interrupts.tpr), say`priority of the task`),
      row('PPR', hex2(interrupts.ppr), say`an interrupt has to be above`),
      row(say`timer`, hex8(timer.current), timer.running ? say`counts down from ${hex8(timer.initial)}` : say`stands`),
    ],
  };
  const inputs = [...ioApic.low].flatMap((low, n) =>
    (low & (1 << 16)) !== 0
      ? []
      : [row(say`input ${n}`, h(low & 0xff), (ioApic.lines & (1 << n)) !== 0 ? say`its line is high` : say`its line is low`)],
  );
  return [
    local,
    { name: 'I/O APIC', rows: inputs.length > 0 ? inputs : [row(say`inputs`, String(ioApic.low.length), say`all are masked`)] },
  ];
}
