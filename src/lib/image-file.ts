/** Where the script of an image lies in a site: src/guest/duet/duet.asm is images/duet-duet.js. */
export const imageFile = (path: string): string => `images/${path.replace(/\.asm$/, '').replaceAll('/', '-')}.js`;
