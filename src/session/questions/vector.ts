/** Which vector of the IDT? */
import { exceptionName } from '../../cpu/interrupts.ts';
import { CR0_PE } from '../../cpu/registers.ts';
import { at } from '../../cpu/state.ts';
import { h, hex2 } from '../../lib/hex.ts';
import { say } from '../../lib/say.ts';
import { Kind, type LogEvent } from '../../trace/log.ts';
import type { Stage } from '../stage.ts';
import { decided } from './because.ts';
import { type Choice, type Draft, options } from './draft.ts';
import { deliveryOf, type Forecast, vectorOf } from './forecast.ts';
import type { MisconceptionId } from './misconceptions.ts';

type Confusion = readonly [vector: number, belief: MisconceptionId];

/** For each vector those it is taken for, the likeliest first. */
const CONFUSIONS: ReadonlyMap<number, readonly Confusion[]> = new Map<number, readonly Confusion[]>([
  [
    0,
    [
      [4, 'neighbour-vector'],
      [16, 'neighbour-vector'],
      [6, 'ud-for-forbidden'],
    ],
  ],
  [
    1,
    [
      [3, 'neighbour-vector'],
      [13, 'gp-for-everything'],
      [2, 'interrupts-are-nmi'],
    ],
  ],
  [
    3,
    [
      [1, 'neighbour-vector'],
      [13, 'gp-for-everything'],
      [6, 'ud-for-forbidden'],
    ],
  ],
  [
    6,
    [
      [13, 'gp-for-everything'],
      [7, 'neighbour-vector'],
      [14, 'pf-for-protection'],
    ],
  ],
  [
    7,
    [
      [6, 'ud-for-forbidden'],
      [16, 'neighbour-vector'],
      [13, 'gp-for-everything'],
    ],
  ],
  [
    11,
    [
      [14, 'pf-for-protection'],
      [13, 'gp-for-everything'],
      [10, 'neighbour-vector'],
    ],
  ],
  [
    12,
    [
      [13, 'gp-for-everything'],
      [14, 'pf-for-protection'],
      [11, 'np-for-pages'],
    ],
  ],
  [
    13,
    [
      [6, 'ud-for-forbidden'],
      [14, 'pf-for-protection'],
      [8, 'df-in-the-kernel'],
      [11, 'np-for-pages'],
    ],
  ],
  [
    14,
    [
      [13, 'gp-for-everything'],
      [11, 'np-for-pages'],
      [8, 'df-in-the-kernel'],
      [12, 'ss-for-stacks'],
    ],
  ],
]);

/** For any other exception. */
const USUAL: readonly Confusion[] = [
  [13, 'gp-for-everything'],
  [6, 'ud-for-forbidden'],
  [14, 'pf-for-protection'],
  [8, 'df-in-the-kernel'],
  [11, 'np-for-pages'],
];

export function vectorQuestion(forecast: Forecast, wanted: string): Draft | null {
  const delivery = deliveryOf(forecast);
  if (delivery === null) return null;
  const vector = vectorOf(delivery);
  const injected = forecast.who.mode === 'root';
  const confusions = confusionsOf(forecast, delivery, vector).filter(([other]) => other !== vector && other >= 0 && other < 256);
  const choices = [...confusions, [vector, 'neighbour-vector'] as Confusion]
    .map(([other, belief]) => choiceOf(other, belief))
    .sort((a, b) => Number(a.id.slice(1)) - Number(b.id.slice(1)));
  const answer = `v${vector}`;
  const four = options(
    choices,
    answer,
    wanted,
    confusions.map(([other]) => `v${other}`),
  );
  if (four === null) return null;
  return {
    kind: 'vector',
    title: injected ? say`Predict: an event waits for the guest; which vector?` : say`Predict: through which vector of the IDT?`,
    options: four,
    answer,
    because: becauseOf(forecast, delivery, vector),
    telling: tellingOf(delivery, injected),
  };
}

/** Within CONFUSIONS and USUAL numbers stand once each; where two stem from different beliefs, the first counts. */
function choiceOf(vector: number, belief: MisconceptionId): Choice {
  return { id: `v${vector}`, title: say`Vector ${vector}`, note: nameOf(vector), badge: `${hex2(vector)}h`, belief };
}

const EXCEPTIONS = 20;

const nameOf = (vector: number): string =>
  vector >= 32 ? say`not an exception: free for interrupts and INT n` : vector < EXCEPTIONS ? exceptionName(vector) : say`reserved`;

function confusionsOf(forecast: Forecast, delivery: LogEvent, vector: number): readonly Confusion[] {
  if (delivery.kind === Kind.INTERRUPT) return [...lineConfusions(forecast.stage, vector), ...USUAL];
  if (delivery.kind === Kind.TRANSFER) {
    const digits = h(vector).slice(0, -1);
    const decimal = /^\d+$/.test(digits) && vector > 9 ? Number(digits) : -1;
    return [
      [decimal, 'hex-read-as-decimal'],
      [13, 'gp-for-everything'],
      [6, 'ud-for-forbidden'],
      [2, 'interrupts-are-nmi'],
      [14, 'pf-for-protection'],
    ];
  }
  const named = forecast.mnemonic === 'int' && forecast.insn !== null ? forecast.insn.imm & 0xff : -1;
  const first = forecast.events.find(({ kind }) => kind === Kind.FAULT)?.values[0] ?? -1;
  return [
    [named, 'int-always-its-gate'],
    ...(vector === 8 ? [[first, 'first-fault-stands'] as Confusion] : []),
    ...(CONFUSIONS.get(vector) ?? []),
    ...USUAL,
  ];
}

/** Lines of the first and of the second 8259, and their vectors after power-on (IBM PC/AT). */
const LINES = 8;
const POWER_ON_1 = 0x08;
const POWER_ON_2 = 0x70;

/** The request line that has this vector; -1 for none of the 8259s'. */
function lineOf({ machine: { board } }: Stage, vector: number): number {
  if (vector - board.pic1.vectorBase >= 0 && vector - board.pic1.vectorBase < LINES) return vector - board.pic1.vectorBase;
  const second = vector - board.pic2.vectorBase;
  return second >= 0 && second < LINES ? LINES + second : -1;
}

function lineConfusions(stage: Stage, vector: number): readonly Confusion[] {
  const known = lineOf(stage, vector);
  const line = known < 0 ? vector & 7 : known;
  const powerOn = line < LINES ? POWER_ON_1 + line : POWER_ON_2 + line - LINES;
  return [
    [line, 'irq-is-vector'],
    [powerOn, 'pic-power-on-base'],
    [2, 'interrupts-are-nmi'],
  ];
}

function becauseOf(forecast: Forecast, delivery: LogEvent, vector: number): string {
  const because = decided(forecast);
  if (because !== '') return because;
  if (delivery.kind === Kind.TRANSFER)
    return (forecast.here.state[at.cr0] & CR0_PE) === 0
      ? ''
      : say`INT n goes through gate n, where CPL is not greater than the gate’s DPL: ${h(vector)}.`;
  const line = delivery.kind === Kind.INTERRUPT ? lineOf(forecast.stage, vector) : -1;
  return line < 0
    ? ''
    : say`The interrupt controller adds its base to the line: ${h(vector - (line & 7))} and ${line & 7} make ${h(vector)}.`;
}

const tellingOf = ({ kind }: LogEvent, injected: boolean): number => (injected ? 2 : kind === Kind.TRANSFER ? 3 : 7);
