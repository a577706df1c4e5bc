/** Colours, where the terminal shows them and nobody asked for none (NO_COLOR, FORCE_COLOR). */
import { styleText } from 'node:util';

type Style = 'red' | 'green' | 'yellow' | 'cyan' | 'blue' | 'magenta' | 'dim' | 'bold';

/** @param stream where the text goes: one may be a terminal while the other is a file */
export function paint(
  style: Style,
  text: string,
  stream: { readonly isTTY?: boolean } = process.stdout,
): string {
  return isWanted(stream) ? styleText(style, text, { validateStream: false }) : text;
}

function isWanted(stream: { readonly isTTY?: boolean }): boolean {
  const { NO_COLOR: none = '', FORCE_COLOR: forced = '' } = process.env;
  if (none !== '') return false;
  if (forced !== '') return forced !== '0';
  return stream.isTTY === true;
}
