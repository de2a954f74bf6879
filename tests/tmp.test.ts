import { test } from 'vitest';
import { Session } from '../src/session/session.ts';
test('x', () => {
  for (const [scenario, vmm, places] of JSON.parse(process.env.P!)) {
    const s = Session.open({ scenario, vmm });
    for (const [event, name, count, steps] of places) { for (const _ of s.toPlace({ event, name, count, steps })); const v = s.view(); s.step(); const w = s.view(); console.log(`@ ${scenario} ${vmm} ${event} ${name} ${count} ${steps} n=${v.n} vm${v.rings.active?.vm} ring ${v.rings.active?.ring} ${v.stream.current?.mnemonic} ${v.stream.current?.operands} | ${v.sentence} || vm${w.rings.active?.vm} ring ${w.rings.active?.ring} ${w.stream.current?.mnemonic} ${w.stream.current?.operands} exit ${w.exits.latest.at(-1)?.name} | ${w.sentence}`); }
  }
}, 100000);
