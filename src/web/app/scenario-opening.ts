/** From a scenario file to a machine on the stage: the same in the whole page and in a frame. */
import { type OpenedScenario, readScenarioFile, ScenarioFileErrors } from '../../lessons/scenario-file.ts';
import { say } from '../../lib/say.ts';
import type { Target } from '../store/target.ts';
import type { LinkError } from './link.ts';
import type { PackedFile } from './packed.ts';

/** What is larger is none of ours. */
const MOST_BYTES = 1 << 20;

/** A file of the site that `base` is on. Throws LinkError. */
export async function fetched(path: string, base: string): Promise<PackedFile> {
  const address = new URL(path, base);
  const fail = (reason: string): LinkError => ({
    message: say`This link is for the file ${path}, which cannot be read: ${reason}`,
    scenario: null,
  });
  if (address.origin !== new URL(base).origin) throw fail(say`it is on another site`);
  if (!address.protocol.startsWith('http')) throw fail(say`a page that lies on a disk may not read its neighbours; open the file by hand`);
  let answer: Response;
  try {
    answer = await fetch(address, { credentials: 'same-origin', redirect: 'error' });
  } catch {
    throw fail(say`the site did not answer, or its policy forbids it (connect-src 'self' allows it)`);
  }
  if (!answer.ok) throw fail(say`the site answered ${answer.status}`);
  const text = await answer.text();
  if (text.length > MOST_BYTES) throw fail(say`it is too large`);
  return { name: path.slice(path.lastIndexOf('/') + 1), text };
}

/** Reads a scenario file. Throws LinkError. */
export function readScenario({ name, text }: PackedFile): OpenedScenario {
  try {
    return readScenarioFile(name, text);
  } catch (error) {
    if (!(error instanceof ScenarioFileErrors)) throw error;
    throw { message: say`${name} is no scenario file that can be opened.`, scenario: null, details: error.problems } satisfies LinkError;
  }
}

/** What it opens, at its own place or where the address says. */
export function targetOfFile(
  { machine, start }: OpenedScenario,
  at: { readonly step: number | null; readonly exit: number | null },
): Target {
  const place = at.step !== null ? { step: at.step } : at.exit !== null ? { exit: at.exit } : start;
  return { ...machine, ...place };
}

/** What it says of a frame's look, as the address would. */
export function lookOfFile({ file }: OpenedScenario): readonly (readonly [string, string])[] {
  const { panels, controls, predict, readonly } = file;
  return [
    ...(panels ? [['panels', panels.join(',')] as const] : []),
    ...(controls ? [['controls', controls] as const] : []),
    ...(predict ? [['predict', predict] as const] : []),
    ...(readonly ? [['readonly', '1'] as const] : []),
  ];
}
