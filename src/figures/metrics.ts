const THIN = /[ijl'.,:;|! ]/;
const NARROW = /[tfrI()[\]]/;
const WIDE = /[mwMW@%]/;

/** About how wide a text is: for laying labels out where no browser can be asked. */
export function textWidth(text: string, size: number, weight: 'regular' | 'strong' = 'regular'): number {
  let units = 0;
  for (const c of text) {
    if (THIN.test(c)) units += 0.28;
    else if (NARROW.test(c)) units += 0.36;
    else if (WIDE.test(c)) units += 0.88;
    else if (c >= 'A' && c <= 'Z') units += 0.69;
    else if (c >= '0' && c <= '9') units += 0.63;
    else units += 0.57;
  }
  return units * size * (weight === 'strong' ? 1.06 : 1);
}

/** The text, or as much of it as fits with an ellipsis; empty when not even two letters fit. */
export function fitText(text: string, size: number, room: number): string {
  if (textWidth(text, size) <= room) return text;
  for (let end = text.length - 1; end >= 2; end--) {
    const cut = `${text.slice(0, end).trimEnd()}…`;
    if (textWidth(cut, size) <= room) return cut;
  }
  return '';
}
