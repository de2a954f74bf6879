/** The entry of memory.js: the panel of bytes, which needs the full machine. */
export { Memory } from '../panels/memory/Memory.tsx';
export { default as style } from '../styles/parts.css?inline';
