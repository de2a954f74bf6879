import { type Numbers, printLink } from '../app/link.ts';
import { frameLink } from '../store/frame-link.ts';
import type { Frame } from '../store/store.ts';

/** The page of the app: beside the folder that the embed lies in. */
export const APP = new URL('../', location.href.replace(/[?#].*$/, '')).href;

/** Where this very step can be stepped through with everything around it. */
export const permalink = (frame: Frame | null, numbers: Numbers = 'hex'): string =>
  frame === null ? APP : APP + printLink({ ...frameLink(frame), numbers });
