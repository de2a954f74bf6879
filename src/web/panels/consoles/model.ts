const LEAST = 4;

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

/** The bytes a key sends to a serial line; null for a key that belongs to the page. */
export function keyBytes(key: string, ctrl: boolean): readonly number[] | null {
  if (ctrl) return /^[a-z]$/i.test(key) ? [key.toUpperCase().charCodeAt(0) - 64] : null;
  if (key === 'Enter') return [13];
  if (key === 'Backspace') return [8];
  if (key.length === 1 && key.charCodeAt(0) < 128) return [key.charCodeAt(0)];
  return null;
}

/** Lines to show, at least as many as the panel is high. */
export function padLines(lines: readonly string[]): readonly string[] {
  return lines.length >= LEAST ? lines : [...lines, ...Array.from({ length: LEAST - lines.length }, () => '')];
}
