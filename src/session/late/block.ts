/** In the place of src/session/view/block.ts: a panel asks for the fields. */
import { late } from './load.ts';

type Parts = ReturnType<typeof late>;

export const blockView: Parts['blockView'] = (stage) => late().blockView(stage);
