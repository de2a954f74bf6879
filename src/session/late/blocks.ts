/** In the place of block-vmcs.ts and block-vmcb.ts of src/session/view: a panel asks for the fields. */
import { late } from './load.ts';

type Parts = ReturnType<typeof late>;

export const vmcsGroups: Parts['vmcsGroups'] = (...given) => late().vmcsGroups(...given);
export const vmcbGroups: Parts['vmcbGroups'] = (...given) => late().vmcbGroups(...given);
