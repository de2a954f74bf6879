/** What a scenario file may hold: public/schema/scenario.v1.json is this, and docs/scenario-files.md explains it. */
import type { Schema, Taken } from '../lib/schema.ts';
import { PAGINGS, VMMS } from '../lib/technique-names.ts';
import type { QuestionKind } from '../session/views.ts';
import { CONTROLS, PANELS, PREDICTS } from './look-names.ts';
import { membersOf } from './places.ts';

export const SCENARIO_FORMAT = 'ringminusone-scenario/1';

/** Kinds of questions. */
export const KINDS = membersOf<QuestionKind>({ who: true, exit: true, vector: true, bit: true, reason: true });

const NAME = '^[a-z0-9][a-z0-9-]{0,63}$';

const text = (description: string, most = 400) => ({ type: 'string', description, minLength: 1, maxLength: most }) as const;
const object = <const P extends Readonly<Record<string, Schema>>, const R extends keyof P & string>(
  description: string,
  properties: P,
  required: readonly R[],
) => ({ type: 'object', description, properties, required, additionalProperties: false }) as const;
const list = <const I extends Schema>(description: string, items: I) => ({ type: 'array', description, items }) as const;
const count = (description: string, minimum = 0, maximum?: number) =>
  ({ type: 'integer', description, minimum, ...(maximum !== undefined && { maximum }) }) as const;

const place = text('Where: start, 612 after start, before exit cr-write 2, after exception 13, ...', 80);
const claims = list(
  'What must hold there: "ring: m", "exit: CR_ACCESS", "register: EAX = 00000001", "console: hello"',
  text('SUBJECT: VALUE'),
);

export const SCENARIO_SCHEMA = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'scenario.v1.json',
  title: 'A scenario of RingMinusOne',
  ...object(
    'A machine, where it opens, and what is said and asked about it',
    {
      $schema: text('The address of this schema, for editors'),
      format: { const: SCENARIO_FORMAT, description: `the version of the format, "${SCENARIO_FORMAT}"` },
      id: { type: 'string', pattern: NAME, description: 'A short name: small letters, digits and dashes' },
      title: text('What it is called'),
      lang: { type: 'string', pattern: '^[a-z]{2}(-[A-Za-z0-9]+)*$', description: 'The language of its texts, such as en or de' },
      summary: text('What is seen, in a sentence or two', 1000),
      objectives: list('What a reader can do afterwards', text('One thing')),
      machine: text('The notional machine: which parts are switched on'),
      scenario: { type: 'string', pattern: NAME, description: 'The scenario that runs, as rm1 scenarios names it' },
      program: text('The program that runs, in assembly; in place of a scenario', 200_000),
      changes: list(
        'Lines of the sources in src/guest that are others',
        object(
          'A source',
          {
            path: { type: 'string', pattern: '^[A-Za-z0-9][\\w./-]{0,99}$', description: 'Its path in src/guest' },
            of: { type: 'string', pattern: '^([0-9a-f]{8})?$', description: 'CRC-32 of its text before; empty for a new file' },
            lines: {
              ...list(
                'Pieces in rising order',
                object(
                  'Lines that go and come',
                  {
                    at: count('The first line, by the text before', 1),
                    gone: count('How many lines go'),
                    come: list('The lines that come', { type: 'string', pattern: '^[^\\n]*$' }),
                  },
                  ['at', 'gone', 'come'],
                ),
              ),
            },
          },
          ['path', 'of', 'lines'],
        ),
      ),
      vmm: { enum: VMMS, description: 'The monitor' },
      paging: { enum: PAGINGS, description: 'How the monitor gives its guests memory' },
      vms: count('Virtual machines', 1, 4),
      cpu: { type: 'string', pattern: NAME, description: 'The processor, as rm1 run --cpu names it' },
      costs: { type: 'string', pattern: NAME, description: 'The cost profile, as rm1 run --costs names it' },
      inputs: list(
        'What is typed',
        object(
          'Keys',
          {
            step: count('The step count at which they are typed'),
            console: count('Which console, from 0', 0, 8),
            text: { type: 'string', pattern: '^[\\u0000-\\u00ff]+$', description: 'A character for each byte' },
          },
          ['step', 'console', 'text'],
        ),
      ),
      start: {
        ...object('Where it opens', { step: count('A step count'), exit: count('A VM exit, from 1', 1), place }, []),
        oneOf: [{ required: ['step'] }, { required: ['exit'] }, { required: ['place'] }],
      },
      panels: { ...list('What an embed shows, in this order', { enum: PANELS }), minItems: 1 },
      controls: { enum: CONTROLS, description: 'What an embed lets its reader do' },
      predict: { enum: PREDICTS, description: 'Whether steps that are worth it are asked about' },
      readonly: { type: 'boolean', description: 'Nothing can be typed into an embed' },
      markers: list(
        'Places on the way, each a page beside the machine',
        object(
          'A place',
          {
            title: text('Its heading'),
            at: place,
            text: text('What there is to see', 4000),
            predict: { type: 'boolean', description: 'Asks what comes' },
            kind: { enum: KINDS, description: 'What is asked; without it, who runs next' },
            claims,
          },
          ['title', 'at'],
        ),
      ),
      checks: list(
        'What a program that a reader writes must do',
        object('A check', { title: text('What must be true'), at: place, claims: { ...claims, minItems: 1 } }, ['title', 'claims']),
      ),
      budget: object('Limits', { steps: count('Steps after which a machine that still runs is taken at its word', 1) }, ['steps']),
    },
    ['format', 'title'],
  ),
  oneOf: [{ required: ['scenario'] }, { required: ['program'] }],
} as const satisfies Schema;

/** A scenario file, as it stands. */
export type ScenarioFile = Taken<typeof SCENARIO_SCHEMA>;
