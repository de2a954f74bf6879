/** What the pages say around the embed, and the file that most of them are made of. */
export const STEP = 612;

export const TEXT = {
  title: 'Protection, week 6',
  before:
    'A kernel loads CR3 for its next process. Under VT-x the instruction does not do it: it leaves the guest. Step, and see where the processor goes.',
  after: 'Which control in the VMCS decides whether it does?',
};

export const markdown = (snippet) => `${TEXT.before}\n\n${snippet}\n\n${TEXT.after}\n`;

export const html = (body, head = '') => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${TEXT.title}</title>${head}</head><body>${body}</body></html>
`;

/** A page as a blog has it, which follows the reader's system. */
export const article = (body) =>
  html(
    `<main><h1>${TEXT.title}</h1>${body}</main>`,
    '<style>:root{color-scheme:light dark}main{max-width:46rem;margin:2rem auto;padding:0 1rem 60vh;font:17px/1.6 Georgia,serif}</style>',
  );

/** `FILE`, an empty line, its text, and what goes into the page: how the dialog words a snippet of two files. */
export function twoFiles(snippet) {
  const [first, page] = snippet.split('\n\nin the page\n\n');
  const [file, ...text] = first.split('\n\n');
  return { file, text: text.join('\n\n'), page };
}
