/** The information fields of an exit, for views. */
import { hex8 } from '../../lib/hex.ts';
import type { ExitInfo } from '../views.ts';

const TWO_32 = 4294967296;

/** `00000003h`, `00000001_00000006h` */
const infoText = (value: number): string =>
  value < TWO_32 ? `${hex8(value)}h` : `${hex8(Math.floor(value / TWO_32))}_${hex8(value % TWO_32)}h`;

/** One information field, unless it says nothing. */
export const info = (name: string, value: number, fields: ExitInfo['fields']): readonly ExitInfo[] =>
  fields.length === 0 ? [] : [{ name, value: infoText(value), fields }];

/** Of an event field only what tells one event from another: its vector and type, and an error code if it has one. */
export const tellingFields = (fields: ExitInfo['fields']): ExitInfo['fields'] =>
  fields.filter(({ bits, value }) => bits !== '31' && !(bits === '11' && value === '0'));
