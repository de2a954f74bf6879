/** The AMD-V image of the peers, by `rm1 run`: one exit a line, as Bochs and QEMU printed them; where they disagree, the list says whom we follow. */
import { expect, test } from 'vitest';
import { ABSENT, peerLines, peersAreHere, printed } from './support/peers.ts';

type Exemption = readonly [pattern: RegExp, why: string];

/** Lines of Bochs's for which QEMU's are the right ones. */
const AS_QEMU: readonly Exemption[] = [
  [/^A r0 int 0x50 \(gate np\):/, 'EXITINTINFO of INT n has type 4 and the vector'],
  [/^A r3 int 0x20 \(dpl0\):/, 'EXITINTINFO of INT n has type 4 and the vector'],
  [/^A v86 int 0x51 iopl0:/, 'INT n refused for IOPL delivers nothing: no EXITINTINFO'],
];

/** Lines of QEMU's for which Bochs's are the right ones. */
const AS_BOCHS: readonly Exemption[] = [
  [/^A r0 rdpmc:/, 'RDPMC of a counter that does not exist is #GP'],
  [/^[AB] r[03] int3:/, 'INT3 is no INT n: the #BP intercept takes it'],
  [/^A r[03] int 0x51/, 'an INT that was delivered leaves no EXITINTINFO'],
  [/^[AB] r0 icebp:/, 'ICEBP exists, and has an intercept of its own'],
  [/^B r0 rdtscp:/, 'RDTSCP has an intercept of its own'],
  [/^B r0 invd:/, 'INVD has an intercept of its own'],
  [/^B r[03] (in|out|ins|rep out)\S* /, 'EXITINFO1 of IOIO has the address size'],
  [/^B v86 int 0x51 iopl0:/, 'the intercept of INT n comes before #GP for IOPL'],
];

/** Lines in which we differ from both on purpose, and what we print. */
const OURS: readonly (readonly [...Exemption, found: RegExp])[] = [
  [/^svm rev=/, 'CPUID shows only what the simulator has', /^svm rev=00000001 nasid=00000040 features=00000001$/],
  [
    /^F (?!vmmcall)/,
    'a VMCB that breaks a rule exits with -1, without its state-save area being written',
    /: code=-ffffffff info1=00000000 info2=00000000 intinfo=00000000 nrip=- rip=gh fl=00000002 cpl=00$/,
  ],
];

test.skipIf(!peersAreHere)(peersAreHere ? 'svm.bin prints what the peers printed' : ABSENT, { timeout: 120_000 }, () => {
  const ours = printed('svm.bin', ['--cpu', 'phenom']);
  const bochs = peerLines('svm.bochs-phenom_8650_toliman.txt');
  const qemu = peerLines('svm.qemu-max.txt');
  expect(ours.at(-1)).toBe('END');
  expect(ours.length).toBe(bochs.length);
  const used = new Set<RegExp>();
  const differences = bochs.flatMap((line, i) => {
    const own = OURS.find(([pattern]) => pattern.test(line));
    const followed = AS_QEMU.find(([pattern]) => pattern.test(line));
    const wanted = followed === undefined ? line : qemu[i];
    if (own !== undefined) used.add(own[0]);
    if (followed !== undefined && line !== qemu[i]) used.add(followed[0]);
    const alike = own === undefined ? ours[i] === wanted : own[2].test(ours[i]);
    return alike ? [] : [`wanted ${own === undefined ? wanted : own[2]}\nfound  ${ours[i]}`];
  });
  expect(differences).toEqual([]);
  const others = qemu.flatMap((line, i) => {
    if (ours[i] === line || OURS.some(([pattern]) => pattern.test(line))) return [];
    const followed = AS_BOCHS.find(([pattern]) => pattern.test(line));
    if (followed !== undefined) used.add(followed[0]);
    return followed === undefined ? [`wanted ${line}\nfound  ${ours[i]}`] : [];
  });
  expect(others).toEqual([]);
  expect(used.size).toBe(AS_QEMU.length + AS_BOCHS.length + OURS.length);
});
