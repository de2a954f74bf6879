/** The folders of src that run in Node as they are, lowest first: the page's own, web and package, know style sheets and JSX. */
export const strata = [
  'lib',
  'isa',
  'asm',
  'cpu',
  'machine',
  'trace',
  'lab',
  'guest',
  'session',
  'lessons',
  'figures',
  'messages',
  'worker',
  'cli',
];
