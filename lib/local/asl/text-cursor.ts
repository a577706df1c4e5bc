/** Reading a text from left to right: what the parsers of paths, filters and intrinsic functions share. */

/** A place in a text that is being parsed. */
export interface Cursor {
  readonly text: string;
  at: number;
}

/** Reads a quoted text. Only the quote itself can be escaped: any other backslash is part of the text, as on AWS. */
export function readQuoted(cursor: Cursor): string | undefined {
  const { text } = cursor;
  const quote = text[cursor.at];
  if (quote !== "'" && quote !== '"') return undefined;
  let value = '';
  for (let at = cursor.at + 1; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (character === quote) {
      cursor.at = at + 1;
      return value;
    }
    if (character === '\\' && text[at + 1] === quote) {
      value += quote;
      at += 1;
    } else {
      value += character;
    }
  }
  return undefined;
}

export function skipBlanks(cursor: Cursor): void {
  while (' \t\r\n'.includes(cursor.text[cursor.at] ?? '-')) cursor.at += 1;
}
