/** The translation unit at hand: the guest's instructions beside what the monitor has made of them. */
import { decode } from '../../isa/decode.ts';
import { disassemble } from '../../isa/disasm.ts';
import { Insn } from '../../isa/insn.ts';
import { hex8 } from '../../lib/hex.ts';
import type { Standpoint } from '../../trace/recent.ts';
import type { Stage } from '../stage.ts';
import { KINDS, type Translation, type TranslationUnit } from '../translation.ts';
import type { TranslatedView, TranslationView, UnitView } from '../views.ts';

/** An instruction of a guest as its own tables and image have it; null where its bytes cannot be read. */
export function guestInstruction(
  { images, machine }: Stage,
  vm: number,
  linear: number,
  length: number,
): { readonly text: string; readonly source: string } | null {
  const physical = images.guestLookup(vm, linear);
  if (physical < 0) return null;
  const insn = new Insn();
  const bytes = machine.ram.bytes.subarray(physical, physical + length);
  if (!decode(insn, bytes, 0, bytes.length, true)) return null;
  const { mnemonic, operands } = disassemble(insn, linear, (address) => images.guestLabel(vm, address));
  return { text: `${mnemonic} ${operands}`.trim(), source: images.locate(physical, vm)?.place.source ?? '' };
}

/** Bytes of a way out of a unit: INT CHAIN and the guest's EIP; or the jump that took its place, and a byte that is left. */
const WAY = 6;
const JMP = 0xe9;

/** The instructions of a translation, and where those that lead out of its unit go on in the guest. */
function made({ machine }: Stage, translation: Translation, vm: number, from: number, to: number): UnitView['ways'] {
  const { bytes } = machine.ram;
  const found: { address: number; text: string }[] = [];
  for (let address = from; address < to; ) {
    const insn = new Insn();
    const physical = translation.physicalOf(address);
    if (!decode(insn, bytes, physical, physical + (to - address), true)) break;
    const { mnemonic, operands } = disassemble(insn, address, () => undefined);
    const asks = bytes[physical] === 0xcd && bytes[physical + 1] === translation.chainVector;
    const target = asks
      ? machine.ram.read32(physical + 2)
      : translation.originalAt(vm, translation.physicalOf(address + insn.length + insn.imm));
    const leads = asks || (bytes[physical] === JMP && target !== -1);
    const text = `${mnemonic} ${operands}`.trim();
    found.push({ address, text: asks ? `${text} → ${hex8(target)}` : leads ? `${mnemonic} → ${hex8(target)}` : text });
    address += leads ? WAY : insn.length;
  }
  return found;
}

function unitView(stage: Stage, translation: Translation, unit: TranslationUnit, at: number): UnitView {
  const { vm, instructions } = unit;
  let ways: UnitView['ways'] = [];
  const rows = instructions.map((one, k): TranslatedView => {
    const guest = guestInstruction(stage, vm, one.original, one.originalLength);
    const end = one.translated + one.translatedLength;
    const all = made(stage, translation, vm, one.translated, end);
    const copiedLast = one.kind === 'copied' && k === instructions.length - 1;
    if (copiedLast) ways = all.slice(1);
    return {
      kind: one.kind,
      original: one.original,
      text: guest?.text ?? '???',
      source: guest?.source ?? '',
      made: copiedLast ? all.slice(0, 1) : all,
      current: at >= one.translated && at < end,
    };
  });
  return { number: unit.number, label: stage.images.guestLabel(vm, unit.address) ?? '', rows, ways };
}

/** The unit that the processor is in, or was in last. */
function unitAtHand({ history }: Stage, translation: Translation, here: Standpoint): { unit: TranslationUnit; at: number } | null {
  for (const p of [...history.recent, here].reverse()) {
    const unit = p.vm === 0 ? null : translation.unitAt(p.vm, p.physical);
    if (unit !== null) return { unit, at: p === here ? p.linear : -1 };
  }
  return null;
}

export function translationView(stage: Stage, here: Standpoint): TranslationView | null {
  const { translation } = stage.images;
  if (translation === null) return null;
  const found = unitAtHand(stage, translation, here);
  const vm = found?.unit.vm ?? (here.vm > 0 ? here.vm : 1);
  const units = translation.units(vm);
  const cache = translation.cache(vm);
  const newest = units[units.length - 1];
  if (newest === undefined || cache === null) return null;
  const all = units.flatMap(({ instructions }) => instructions);
  return {
    vm,
    units: units.length,
    bytes: cache.to - cache.from,
    kinds: KINDS.map((kind) => ({ kind, count: all.filter((one) => one.kind === kind).length })),
    callouts: translation.field(vm, 'SOFT.callouts'),
    chained: translation.field(vm, 'SOFT.chained'),
    adapted: translation.field(vm, 'SOFT.adapted'),
    flushes: Math.max(0, translation.field(vm, 'SOFT.flushes') - 1),
    unit: unitView(stage, translation, found?.unit ?? newest, found?.at ?? -1),
  };
}
