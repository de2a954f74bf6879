import { Devices } from '../../panels/devices/Devices.tsx';
import { Memory } from '../../panels/memory/Memory.tsx';
import { Tables } from '../../panels/tables/Tables.tsx';

export { default as style } from '../../styles/parts.css?inline';

/** The panels that are looked at one at a time. */
export const LOOKED_AT = { tables: Tables, devices: Devices, memory: Memory };
