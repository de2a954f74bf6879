/** Who runs: mode, CPL and VM from the hardware, role and name from the debug map. */

import { MODE_GUEST, MODE_ROOT, type Place, placeCpl, placeMode } from '../../cpu/events.ts';
import { say, told, worded } from '../../lib/say.ts';
import type { Images } from '../images.ts';
import type { Mode, Ring, Who } from '../views.ts';

const MODES: readonly Mode[] = ['none', 'root', 'guest'];
const RINGS: readonly Ring[] = ['0', '1', '2', '3'];

export const modeOf = (place: Place): Mode => MODES[placeMode(place)];

/** VMX root operation is drawn as one ring, whatever its CPL. */
export const ringOf = (place: Place): Ring => (placeMode(place) === MODE_ROOT ? 'm' : RINGS[placeCpl(place)]);

/** Whether code at a place is a virtual machine's: the processor says so, or it is not in the ring of a monitor in ring 0. */
const isGuest = (images: Images, place: Place): boolean => placeMode(place) === MODE_GUEST || (images.compressed && placeCpl(place) !== 0);

/**
 * @param physical address of the instruction, or -1
 * @param vm number of the virtual machine, 0 outside
 */
export function whoAt(images: Images, place: Place, vm: number, physical: number): Who {
  const located = images.locate(physical, isGuest(images, place) ? vm : 0);
  const ring = ringOf(place);
  return {
    mode: modeOf(place),
    cpl: placeCpl(place),
    ring,
    vm: isGuest(images, place) ? vm : 0,
    role: located?.place.role ?? (images.translation?.unitAt(vm, physical) ? 'translated' : 'unknown'),
    name: located?.place.role === 'program' ? located.place.name : '',
  };
}

/** Whether code runs as a monitor in a virtual machine. */
const isInnerMonitor = ({ vm, role, mode }: Who): boolean => vm > 0 && role === 'monitor' && mode === 'guest';

/** `count`, `VM 1’s kernel`, `the hypervisor`, as the subject of a sentence. */
export function nameOf(who: Who): string {
  const { vm, cpl, role, name } = who;
  if (who.ring === 'm') return say`the hypervisor`;
  if (role === 'program' && name !== '') return `*${name}*`;
  if (role === 'kernel' || (cpl === 0 && role === 'unknown')) return vm > 0 ? say`VM ${vm}’s kernel` : say`the kernel`;
  if (role === 'monitor') return isInnerMonitor(who) ? say`the inner hypervisor` : say`the monitor`;
  if (role === 'translated') return vm > 0 ? say`VM ${vm}’s translated kernel` : say`the translated kernel`;
  if (cpl === 3) return vm > 0 ? say`VM ${vm}’s program` : say`the program`;
  return vm > 0 ? say`VM ${vm}’s code in ring ${cpl}` : say`the code in ring ${cpl}`;
}

/** With a capital letter where the sentence begins; a program's name stays as it is. */
export const capital = (text: string): string => (text.startsWith('*') ? text : text.charAt(0).toUpperCase() + text.slice(1));

/** `VM 1 · kernel, ring 0`, `hypervisor, ring −1`, `count, ring 3`. */
export function placeTitle(who: Who): string {
  if (who.ring === 'm') return say`hypervisor, ring −1`;
  if (isInnerMonitor(who)) return say`inner hypervisor, ring ${who.cpl}`;
  const owner = who.vm > 0 ? `VM ${who.vm} · ` : '';
  const name = who.role === 'program' && who.name !== '' ? who.name : told(ROLES[who.role]);
  return say`${owner + name}, ring ${who.cpl}`;
}

const ROLES: Readonly<Record<Who['role'], string>> = {
  program: worded('program'),
  kernel: worded('kernel'),
  monitor: worded('monitor'),
  translated: worded('translated'),
  unknown: worded('code'),
};
