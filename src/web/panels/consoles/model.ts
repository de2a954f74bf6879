/** Text as a console shows it: the last lines, control characters acted upon. */
export function consoleLines(text: string, most = 200): readonly string[] {
  const lines: string[] = [''];
  for (const c of text.slice(-40_000)) {
    const last = lines.length - 1;
    if (c === '\n') lines.push('');
    else if (c === '\b') lines[last] = lines[last]!.slice(0, -1);
    else if (c === '\t') lines[last] += ' '.repeat(8 - (lines[last]!.length % 8));
    else if (c >= ' ' && c !== '\u007f') lines[last] += c;
  }
  return lines.slice(-most);
}

/** The bytes that a key without a letter sends to a serial line; null for any other. */
export function keyBytes(key: string, ctrl: boolean): readonly number[] | null {
  if (ctrl) return /^[cdu]$/i.test(key) ? [key.toUpperCase().charCodeAt(0) - 64] : null;
  if (key === 'Enter') return [13];
  if (key === 'Backspace') return [8];
  return null;
}

/** The bytes of typed text; what a serial line of 2006 does not know is left out. */
export function textBytes(text: string): readonly number[] {
  return [...text].map((c) => (c === '\n' ? 13 : c.charCodeAt(0))).filter((code) => code < 128);
}

/** The last line that says anything. */
export function lastLine(text: string): string {
  return consoleLines(text).findLast((line) => line.trim() !== '') ?? '';
}
