/** Which image runs as which processor, here and on whom. */
import type { PeerName } from './peers.ts';

export interface Run {
  readonly image: string;
  /** Our profile. */
  readonly processor: string;
  readonly peer: PeerName;
  /** The peer's model of that processor. */
  readonly model: string;
}

/** The images, our profiles they run as, and the peer if only one can run it. */
const IMAGES: readonly (readonly [image: string, processors: readonly string[], only?: PeerName])[] = [
  ['vmx-exceptions', ['yonah', 'westmere']],
  ['vmx-injection', ['yonah', 'westmere']],
  ['vmx-windows', ['yonah', 'westmere']],
  ['vmx-io', ['yonah', 'westmere']],
  ['vmx-msr', ['yonah', 'westmere']],
  ['vmx-registers', ['yonah', 'westmere']],
  ['vmx-tasks', ['yonah', 'westmere']],
  ['vmx-entry', ['yonah', 'westmere']],
  ['vmx-ept', ['lynnfield', 'westmere']],
  ['vmx-tables', ['westmere']],
  ['vmx-real', ['westmere']],
  ['vmx-nmi', ['yonah', 'westmere']],
  ['vmx-waits', ['westmere']],
  ['vmx-later', ['haswell']],
  ['svm-exceptions', ['phenom']],
  ['svm-injection', ['phenom']],
  ['svm-interrupts', ['phenom']],
  ['svm-io', ['phenom']],
  ['svm-registers', ['phenom']],
  ['svm-tasks', ['phenom']],
  ['svm-entry', ['phenom']],
  // QEMU 7.2 maps everything one to one, whatever the nested tables of a 32-bit host say.
  ['svm-npt', ['phenom'], 'bochs'],
  ['svm-modes', ['phenom']],
  ['svm-nmi', ['phenom']],
];

const MODELS: Readonly<Record<string, Readonly<Partial<Record<PeerName, string>>>>> = {
  yonah: { bochs: 'core_duo_t2400_yonah' },
  lynnfield: { bochs: 'corei5_lynnfield_750' },
  westmere: { bochs: 'corei5_arrandale_m520' },
  haswell: { bochs: 'corei7_haswell_4770' },
  phenom: { bochs: 'phenom_8650_toliman', qemu: 'phenom,+svm,+npt' },
};

export const RUNS: readonly Run[] = IMAGES.flatMap(([image, processors, only]) =>
  processors.flatMap((processor) =>
    Object.entries(MODELS[processor])
      .filter(([peer]) => only === undefined || peer === only)
      .map(([peer, model]) => ({ image, processor, peer: peer as PeerName, model })),
  ),
);

/** Where the last comparison with a peer is kept, in the folder of expected comparisons. */
export const fileOf = ({ image, processor, peer }: Run): string => `${image}.${processor}.${peer}.txt`;
