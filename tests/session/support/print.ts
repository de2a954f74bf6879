/** Views as text a person can read through, for files that show in review what changed. */

import type { Session } from '../../../src/session/session.ts';
import type { ExitRecord, StageView, StreamRow, Who } from '../../../src/session/views.ts';
import { RECENT } from '../../../src/trace/history.ts';

const hex = (value: number): string => value.toString(16).toUpperCase().padStart(8, '0');

/** `vm1 ring 3 count`, `ring -1`, `ring 0` */
export function whoText({ ring, vm, name }: Who): string {
  const place = ring === 'm' ? 'ring -1' : `ring ${ring}`;
  return [vm > 0 ? `vm${vm}` : '', place, name].filter((part) => part !== '').join(' ');
}

export function rowText(row: StreamRow): string {
  if (row.kind === 'event') return `${String(row.n).padStart(8)}  == ${row.text}${row.note === '' ? '' : `  (${row.note})`}`;
  if (row.kind === 'fold') return `${''.padStart(8)}  .. ${row.text}`;
  const label = row.label === '' ? '' : `${''.padStart(8)}  ${row.label}:\n`;
  const times = row.iteration > 1 ? `  [${row.iteration} times]` : '';
  const comment = row.comment === '' ? '' : `; ${row.comment}`;
  const columns = [
    String(row.n).padStart(8),
    whoText(row.who).padEnd(16),
    hex(row.address),
    row.bytes.padEnd(21),
    `${row.mnemonic.padEnd(8)}${row.operands}${times}`.padEnd(30),
    comment,
  ];
  return label + columns.join('  ').trimEnd();
}

/** Every row from where the session stands to step count `until`, or to its end. */
export function wholeStream(session: Session, until = Number.POSITIVE_INFINITY): string {
  const lines: string[] = [];
  for (;;) {
    const from = session.n;
    session.step(Math.min(RECENT, until - from));
    if (session.n === from) break;
    const view = session.view();
    for (const row of view.stream.past) if (row.kind === 'event' ? row.n > from : row.n >= from) lines.push(rowText(row));
  }
  const { n, end } = session.view();
  lines.push(`${String(n).padStart(8)}  == ${end === '' ? 'and so on' : end}`);
  return `${lines.join('\n')}\n`;
}

export function exitText(record: ExitRecord): string {
  const { cycles } = record;
  const head = `exit ${record.index}, step ${record.n}: VM ${record.vm}, ring ${record.cpl}: ${record.codeText} ${record.name} (${record.title}), ${record.cause}`;
  const at = `    at ${hex(record.guestEip)}, length ${record.instructionLength}${record.instruction === '' ? '' : `: ${record.instruction}`}`;
  const fields = record.infos.flatMap(({ name, value, fields }) => [
    `    ${name} ${value}`,
    ...fields.map(({ bits, value, meaning }) => `      ${bits.padEnd(6)} ${value.padEnd(10)} ${meaning}`.trimEnd()),
  ]);
  const paid = `    cycles: ${cycles.exit} exit + ${cycles.handler} handler + ${cycles.entry} entry${record.done ? '' : ' (not back yet)'}`;
  return [head, at, ...fields, paid].join('\n');
}

/** The stage at one step, all of it. */
export function stageText(view: StageView): string {
  const { rings, exits, timeline, walk } = view;
  const crossing = (c: (typeof rings.past)[number]) =>
    `    ${String(c.n).padStart(6)} ${c.kind} ${c.label}: ${c.from} -> ${c.to}, vm ${c.vm}, process ${c.process}`;
  const lines = [
    `step ${view.n}, cycle ${view.cycle}${view.ended ? `, ended: ${view.end}` : ''}`,
    view.sentence,
    '',
    `rings (${rings.kind}, ${rings.hostMode}), active: ${rings.active === null ? 'none' : `vm ${rings.active.vm}, ring ${rings.active.ring}`}`,
    ...rings.vms.map(
      (vm) =>
        `    ${vm.name}: ${vm.status}; saved ${vm.saved ?? '-'}; ${vm.processes.map(({ name, current }) => (current ? `[${name}]` : name)).join(' ')}`,
    ),
    '  past',
    ...rings.past.map(crossing),
    '  future',
    ...rings.future.map(crossing),
    '',
    'stream',
    ...view.stream.past.slice(-8).map(rowText),
    view.stream.current === null
      ? '      -->  nothing'
      : rowText(view.stream.current).replace(/^( +)(?=\d+ .*$)/m, (space) => `${space.slice(3)}-->`),
    ...view.stream.future.slice(0, 8).map(rowText),
    `  files: ${view.stream.files.join(', ')}`,
    '',
    'registers',
    ...view.registers.map(
      ({ name, value, previous, changed, used }) =>
        `    ${name.padEnd(4)} ${hex(value)}${changed ? ` was ${hex(previous)}` : ''}${used ? ' (used)' : ''}`,
    ),
    `    flags ${view.flags.map(({ name, set, changed }) => `${set ? name : name.toLowerCase()}${changed ? '*' : ''}`).join(' ')}`,
    '',
    `${exits.kind}: ${exits.total}`,
    ...exits.counts.map(({ codeText, name, title, count }) => `    ${String(count).padStart(4)} x ${codeText} ${name} (${title})`),
    ...exits.latest.map(exitText),
    '',
    ...(walk === null
      ? ['walk: none']
      : [
          `walk (${walk.walked}) of ${walk.what}: ${walk.segment}:${hex(walk.offset)}, linear ${hex(walk.linear)}${walk.tlbHit ? ', TLB hit' : ''}`,
          ...walk.guestEntries.map((e) => `    guest  ${e.table} ${e.index} at ${hex(e.address)}: ${hex(e.value)} ${e.flags}`),
          ...[...walk.entries.flatMap((e) => [...e.nested, e]), ...walk.nestedEntries].map(
            (e) => `    ${e.table} ${e.index} at ${hex(e.address)}: ${hex(e.value)} ${e.flags}`,
          ),
          `    guest-physical ${walk.guestPhysical === null ? '-' : hex(walk.guestPhysical)}, physical ${walk.physical === null ? '-' : hex(walk.physical)}${walk.fault === '' ? '' : `, ${walk.fault}`}`,
        ]),
    '',
    'timeline',
    `    lanes: ${timeline.lanes.map(({ vm, ring, label }) => `${vm}/${ring} ${label}`.trim()).join(', ')}`,
    `    window: ${timeline.window.from} to ${timeline.window.to}; reached step ${timeline.reached}, cycle ${timeline.reachedCycle}`,
    ...timeline.segments
      .slice(-8)
      .map(
        (s) => `    ${s.fromCycle} to ${s.toCycle}: vm ${s.vm} ring ${s.ring}, steps ${s.from} to ${s.to}${s.crossing ? ', crossing' : ''}`,
      ),
    `    ticks: ${timeline.ticks.map(({ n, codeText, vm }) => `${n}:${codeText}/vm${vm}`).join(' ')}`,
    '',
    'consoles',
    ...view.consoles.map(({ title, active, text }) => `    ${title}${active ? ' (active)' : ''}: ${JSON.stringify(text)}`),
    ...(view.failure === null
      ? []
      : ['', `failure: ${view.failure.kind}`, `    ${view.failure.title}`, ...view.failure.chain.map((fault) => `    ${fault}`)]),
  ];
  return `${lines.map((line) => line.trimEnd()).join('\n')}\n`;
}
