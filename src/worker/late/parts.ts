/** The entry of machine-late.js. */
export * from '../../session/late/parts.ts';
export { createLabHost } from '../lab-host.ts';
