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
};

/** Colours, lengths and names of fonts; nothing that would fetch. */
const VALUE = /^(?!.*url\()[\w\s#%.,()'"/-]{1,200}$/i;

/** Takes over the colours and fonts of the page around this one. */
export function colour(parameters: readonly (readonly [string, string])[]): void {
  const { style } = document.documentElement;
  for (const [name, value] of parameters) {
    if (!Object.hasOwn(PROPERTIES, name) || !VALUE.test(value)) continue;
    for (const property of PROPERTIES[name]!) style.setProperty(property, value);
  }
}
