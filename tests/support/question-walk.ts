/**
 * Asks every question of every scenario over the steps behind its opening, and under each of its monitors before a choice of its events, and takes each
 * step to see. A program of its own, since a test runner's transform makes it many times slower. Prints what is wrong as lines, then counts.
 */
import { MISCONCEPTIONS } from '../../src/session/questions/misconceptions.ts';
import { questionsAt } from '../../src/session/questions/questions.ts';
import { SCENARIOS } from '../../src/session/scenarios.ts';
import { Session } from '../../src/session/session.ts';
import { Kind } from '../../src/trace/log.ts';
import { takeStep } from './question-truth.ts';

/** Steps of a scenario's default length. */
const LENGTH = 200;
/** Steps in which events are looked for, and the most of one sort that are asked about. */
const LOOK = 400_000;
const MOST = 2;

const wrong: string[] = [];
const asked = new Map<string, number>();
const offered = new Map<string, number>();
let opened = 0;

for (const { id: scenario, vmms, vmm: own } of SCENARIOS)
  for (const vmm of vmms) {
    const session = Session.open({ scenario, vmm });
    opened++;
    for (const _ of session.opening());
    for (let i = 0; vmm === own && i < LENGTH && !session.ended; i++) examine(session, `${scenario} ${vmm}`);
    session.run(Math.max(LOOK, session.n));
    for (const n of telling(session)) {
      session.seek(n);
      examine(session, `${scenario} ${vmm}`);
    }
  }

/** Steps that end in an event, a few of each sort. */
function telling({ log }: Session): readonly number[] {
  const sorts = new Map<string, number>();
  const steps = new Set<number>();
  for (let row = 0; row < log.length; row++) {
    const kind = log.kindOf(row);
    if (kind === Kind.DISK) continue;
    const sort = [kind, log.valueOf(row, 0), kind === Kind.FAULT ? log.valueOf(row, 1) : log.fromOf(row)].join();
    const count = sorts.get(sort) ?? 0;
    sorts.set(sort, count + 1);
    if (count < MOST && log.stepOf(row) > 0) steps.add(log.stepOf(row) - 1);
  }
  return [...steps];
}

function examine(session: Session, where: string): void {
  const { n } = session;
  const { rings } = session.view(true);
  const drafts = questionsAt(session, rings);
  if (n % 8 === 0 && JSON.stringify(drafts) !== JSON.stringify(questionsAt(session, rings)))
    wrong.push(`${where}, step ${n}: asked twice, another question`);
  const truth = takeStep(session);
  for (const { kind, options, answer } of drafts) {
    const ids = options.map(({ id }) => id);
    const titles = options.map(({ title, note, badge }) => title + note + badge);
    asked.set(kind, (asked.get(kind) ?? 0) + 1);
    for (const { misconception } of options) if (misconception !== '') offered.set(misconception, (offered.get(misconception) ?? 0) + 1);
    const say = (what: string) => wrong.push(`${where}, step ${n}, ${kind}: ${what} (${ids.join(' ')}; answer ${answer})`);
    if (new Set(ids).size !== 4 || new Set(titles).size !== 4) say('not four different options');
    if (ids.filter((id) => id === answer).length !== 1) say('not one answer');
    for (const id of ids) if (truth(kind, id, ids) !== (id === answer)) say(`${id} is ${id === answer ? 'not so' : 'so too'}`);
    for (const option of options)
      if ((option.id === answer) !== (option.misconception === '') || (option.id === answer) !== (option.wrong === ''))
        say('a belief is missing');
  }
}

const never = Object.keys(MISCONCEPTIONS).filter((id) => !offered.has(id));
console.log(JSON.stringify({ opened, asked: Object.fromEntries(asked), never, wrong: wrong.slice(0, 40), count: wrong.length }));
