/**
 * Comments that tell views about the code: `;@ role kernel`, `;@ role program shell`, `;@ goal TEXT`. `;@ port TEXT` says why a ported source is not
 * as the one it was made from; it is for who compares the two, and no part of a debug map.
 */
import { say } from '../lib/say.ts';
import { nearest } from './errors.ts';
import type { Role, RoleName } from './role.ts';

export type Pragma =
  | { readonly kind: 'role'; readonly role: Role }
  | { readonly kind: 'goal'; readonly text: string }
  | { readonly kind: 'wrong'; readonly message: string; readonly hint: string };

const ROLES: readonly RoleName[] = ['program', 'kernel', 'monitor', 'translated', 'unknown'];

/** Reads a comment without its `;`; undefined when it is an ordinary one. */
export function parsePragma(comment: string): Pragma | undefined {
  if (comment[0] !== '@') return undefined;
  const [word = '', ...rest] = comment.slice(1).trim().split(/\s+/);
  if (word === 'port') return undefined;
  if (word === 'goal') return { kind: 'goal', text: rest.join(' ') };
  if (word !== 'role') {
    const fix = nearest(word, ['role', 'goal']);
    return {
      kind: 'wrong',
      message: say`;@ ${word} has no meaning`,
      hint: fix === undefined ? say`it may be role or goal` : say`did you mean ;@ ${fix}?`,
    };
  }
  const role = ROLES.find((name) => name === rest[0]);
  if (role === undefined) {
    const fix = nearest(rest[0] ?? '', ROLES);
    return {
      kind: 'wrong',
      message: say`there is no role \`${rest[0] ?? ''}\``,
      hint: fix === undefined ? say`it may be ${ROLES.slice(0, -1).join(', ')}` : say`did you mean ${fix}?`,
    };
  }
  return { kind: 'role', role: { role, name: rest.slice(1).join(' ') } };
}

/** The comment that is shown behind an instruction: trimmed, empty when it is a pragma. */
export function shownComment(comment: string | undefined): string {
  return comment === undefined || comment[0] === '@' ? '' : comment.trim();
}
