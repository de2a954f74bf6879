/** Control fields against their capability MSRs: SDM vol 3, 26.2.1 and appendix A. */
import type { Allowed, Capabilities } from '../capabilities.ts';
import { type FieldKey, fieldOfKey, slot } from '../fields.ts';
import { type Check, CONTROL_FAILURE, type EntryView, mustBe, type Stage } from './check.ts';

/** Bits of a control field that the capability MSR does not allow as they are; of a field that may not be in use, while it is. */
export function allowedSettings(
  stage: Stage,
  section: string,
  key: FieldKey,
  allowedOf: (c: Capabilities) => Allowed,
  used: (e: EntryView) => boolean = () => true,
): Check {
  const field = slot[key];
  return {
    stage,
    section,
    rule: `${fieldOfKey(key).name}: reserved bits are set as the capability MSR demands`,
    fields: [key],
    failure: CONTROL_FAILURE,
    violated: (e) => {
      const { must, may } = allowedOf(e.capabilities);
      return used(e) && ((e.get(field) & must) !== must || (e.get(field) & ~may) !== 0);
    },
    detail: (e) => {
      const { must, may } = allowedOf(e.capabilities);
      return mustBe(must & ~e.get(field), e.get(field) & ~may);
    },
  };
}
