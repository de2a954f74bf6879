/**
 * Sites of other people's kinds, each made by its own generator from what the Share dialog offers for it.
 *
 * A kind says what it is made with (generators.mjs: npm, debian, ours), and has `build`. That gets `write(path, text)`, `run(program, ...arguments)`
 * in the site's folder, `at(path)` in it, the snippets by their id, and the address of our own site; it gives the folder to serve (`out`) or an
 * `origin` with how to `close` it, and its pages by name, each as trial.mjs tries it.
 */
import { canvas, moodle } from './courses.mjs';
import { docusaurus } from './docusaurus.mjs';
import { reveal } from './reveal.mjs';
import { hugo, jekyll, mdbook, plain, quarto } from './static.mjs';
import { wordpress } from './wordpress.mjs';

export const KINDS = { docusaurus, reveal, hugo, jekyll, mdbook, quarto, wordpress, moodle, canvas, plain };
