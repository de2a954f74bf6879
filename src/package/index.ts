/** The machine without a page, for Node and browsers: `import { Session } from 'ringminusone'`. */
export { type AsmError, type Assembled, assemble, type DebugMap, type Failed, type FileProvider } from '../asm/index.ts';
export { type Illustrated, illustration, strip } from '../figures/illustration.ts';
export { type Panel, panels } from '../figures/panel.ts';
export { type DisassembledLine, disassembleImage } from '../isa/image.ts';
export { type Changes, SourceErrors } from '../session/guests.ts';
export { Refused } from '../session/refused.ts';
export { findScenario, SCENARIOS, type Scenario } from '../session/scenarios.ts';
export { type Input, type OpenOptions, Session } from '../session/session.ts';
export type * from '../session/views.ts';
export type { StageView } from '../session/views.ts';
