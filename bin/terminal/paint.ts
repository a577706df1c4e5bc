/** Colours, where the terminal shows them. */
import { styleText } from 'node:util';

type Style = 'red' | 'green' | 'yellow' | 'cyan' | 'blue' | 'magenta' | 'dim' | 'bold';

export function paint(style: Style, text: string): string {
  return wanted() ? styleText(style, text) : text;
}

function wanted(): boolean {
  if (process.env['NO_COLOR'] !== undefined) return false;
  if (process.env['FORCE_COLOR'] !== undefined) return true;
  return process.stdout.isTTY;
}
