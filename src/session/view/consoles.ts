/** What the machine and its virtual machines have printed. */
import { say, told } from '../../lib/say.ts';
import type { Console } from '../../machine/console.ts';
import type { Stage } from '../stage.ts';
import type { ConsoleView, Who } from '../views.ts';

const LONGEST = 16_384;

/** What the board calls a console, in the language. */
export const consoleTitle = ({ title, vm }: Pick<Console, 'title' | 'vm'>): string =>
  title === `VM ${vm} console` ? say`VM ${vm} console` : told(title);

/** The serial consoles of each VM, then the monitor's and the debug console's if they said anything. */
export function consolesView(stage: Stage, who: Who): readonly ConsoleView[] {
  const { board } = stage.machine;
  const guests = board.consoles.some(({ vm }) => vm > 0);
  const all = board.consoles.map((console, k) => ({
    title: consoleTitle(console),
    vm: console.vm,
    text: console.text.slice(-LONGEST),
    active: console.vm > 0 ? who.vm === console.vm : stage.bare || who.role === 'monitor' || who.ring === 'm',
    image:
      k < board.uarts.length
        ? (stage.images.views[guests && console.vm > 0 && console.vm !== stage.inner ? 'guest' : 'own'] ?? null)
        : null,
  }));
  const isMachine = (vm: number): boolean => vm > 0 && vm !== stage.inner;
  const machines = all.filter(({ vm }) => isMachine(vm));
  const others = all.filter(({ vm, text }) => !isMachine(vm) && text !== '');
  return machines.length > 0 || others.length > 0 ? [...machines, ...others] : all.slice(0, 1);
}
