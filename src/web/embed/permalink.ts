import type { Numbers } from '../../figures/numbers.ts';
import { printLink } from '../app/link.ts';
import { frameLink, lessonLink } from '../store/frame-link.ts';
import type { Frame, OpenLesson } from '../store/store.ts';

/** The page of the app: beside the folder that the embed lies in. */
export const APP = new URL('../', location.href.replace(/[?#].*$/, '')).href;

/** Where this very step can be stepped through with everything around it. */
export const permalink = (frame: Frame | null, numbers: Numbers = 'hex'): string =>
  frame === null ? APP : APP + printLink({ ...frameLink(frame), numbers });

/** Where this page of a lesson can be gone through with everything around it. */
export const lessonPermalink = ({ lesson, page }: OpenLesson): string => APP + printLink(lessonLink(lesson, page));
