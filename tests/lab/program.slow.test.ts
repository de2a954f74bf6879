/** Experiments as programs: each comes to its instruction at the step it says, and does there what its witness says. */
import { describe, expect, test } from 'vitest';
import { at } from '../../src/cpu/state.ts';
import { ROWS } from '../../src/isa/table.ts';
import { blankGround } from '../../src/lab/ground.ts';
import { idOf } from '../../src/lab/report.ts';
import { LabRun } from '../../src/session/lab.ts';
import { Session } from '../../src/session/session.ts';

const run = new LabRun();

describe('an experiment on the stage', () => {
  test.each([
    ['HLT (F4)', 'trap', 3, 0],
    ['POPFD (9D)', 'reads', 0, 0],
    ['SGDT Ms (0F 01 /0)', 'reads', 3, 3],
    ['LAR Gv,Ew (0F 02)', 'reads', 0, 0],
    ['SYSENTER (0F 34)', 'reads', 3, 0],
    ['NOP (90)', 'alike', 0, 0],
  ])('%s: %s in ring %i, then ring %i', (id, shows, before, after) => {
    const [part] = [...run.parts(id)];
    const evidence = part?.rows[0]?.evidence.findIndex((one) => one.shows === shows) ?? -1;
    const program = run.program(id, evidence);
    expect(program).not.toBeNull();
    const session = Session.open({ source: program?.source });
    session.seek(program?.step ?? 0);
    const { s } = session.machine.cpu;
    expect([session.n, s[at.eip], s[at.cpl]]).toEqual([program?.step, blankGround().symbol('experiment'), before]);
    session.step(1);
    expect(s[at.cpl]).toBe(after);
  });

  test('what the processor of the stage does not have is not opened there', () => {
    const [part] = [...run.parts('STGI (0F 01 DC)')];
    expect(part?.rows[0]?.class).toBe('privileged');
    expect(run.program('STGI (0F 01 DC)', 0)).toBeNull();
    expect(run.program('NOP (90)', 99)).toBeNull();
    expect(ROWS.map(idOf)).toContain('STGI (0F 01 DC)');
  });
});
