/** Links to a step, read and written: `import { parseLink } from 'ringminusone/links'`. docs/links.md is the format. */
export { type LinkError, type LinkState, type ParsedLink, parseLink, printLink, type Theme } from '../web/app/link.ts';
