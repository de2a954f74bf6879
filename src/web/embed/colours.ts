/** The custom properties of a host's page, and what they set here. */
const PROPERTIES: Readonly<Record<string, readonly string[]>> = {
  '--rm1-bg': ['--rm-paper'],
  '--rm1-fg': ['--rm-ink'],
  '--rm1-accent': ['--rm-accent'],
  '--rm1-ring3': ['--rm-r3', '--rm-r3-ink'],
  '--rm1-ring0': ['--rm-r0', '--rm-r0-ink'],
  '--rm1-ring-1': ['--rm-rm', '--rm-rm-ink'],
  '--rm1-font': ['--rm-sans'],
  '--rm1-mono': ['--rm-mono'],
  '--rm1-radius': ['--rm-radius'],
  '--rm1-duration': ['--rm1-duration'],
};

/** What `::part` of the element means in here. */
const PARTS: Readonly<Record<string, string>> = {
  toolbar: '.transport',
  'step-button': '.transport .tb.main',
  ring: '.rm-rings .cell',
  'ring-label': '.rm-rings :is(.axis, .lab)',
  code: '.stream',
  gutter: '.rm-gutter',
  register: '.register',
  exit: '.exit-row',
  timeline: '.timeline',
  prediction: '.predict',
};

/** Colours, lengths and names of fonts; nothing that would fetch. */
const VALUE = /^(?!.*url\()[\w\s#%.,()'"/-]{1,200}$/i;

const parts = new CSSStyleSheet();
const rules = new Map<string, CSSStyleDeclaration>();

/** What a page says of a part, as declarations, in place of what it said before. */
function dressPart(name: string, declarations: string): void {
  if (!document.adoptedStyleSheets.includes(parts)) document.adoptedStyleSheets.push(parts);
  let rule = rules.get(name);
  if (!rule) {
    rule = (parts.cssRules[parts.insertRule(`${PARTS[name]} {}`)] as CSSStyleRule).style;
    rules.set(name, rule);
  }
  rule.cssText = '';
  for (const declaration of declarations.split(';')) {
    const [, property, value] = /^([a-z-]+):(.*)$/.exec(declaration) ?? [];
    if (property && VALUE.test(value!)) rule.setProperty(property, value!, 'important');
  }
}

/** Takes over the colours and fonts of the page around this one, and what it says of `::name`, a part. */
export function colour(parameters: readonly (readonly [string, string])[]): void {
  const { style, dataset } = document.documentElement;
  for (const [name, value] of parameters) {
    if (name.startsWith('::') && Object.hasOwn(PARTS, name.slice(2))) dressPart(name.slice(2), value);
    if (!Object.hasOwn(PROPERTIES, name) || (value !== '' && !VALUE.test(value))) continue;
    for (const property of PROPERTIES[name]!) style.setProperty(property, value);
    if (name === '--rm1-duration') dataset.timed = value;
  }
}
