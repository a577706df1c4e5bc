/** Where a text stops being JSON, and why: JavaScript's own parser does not say where. For bodies of requests and for files. */
import { parse, printParseErrorCode, type ParseError } from 'jsonc-parser';

export interface JsonFault {
  /** Characters before it. */
  readonly position: number;
  /** Both begin at 1. */
  readonly line: number;
  readonly column: number;
  /** What was found or missed there: `comma expected`. */
  readonly what: string;
}

/** @param text something that is not JSON */
export function jsonFault(text: string): JsonFault {
  const { position, what } = firstFault(text);
  const before = text.slice(0, position).split('\n');
  return { position, line: before.length, column: (before.at(-1)?.length ?? 0) + 1, what };
}

function firstFault(text: string): Pick<JsonFault, 'position' | 'what'> {
  const errors: ParseError[] = [];
  try {
    parse(text, errors, { disallowComments: true, allowTrailingComma: false });
  } catch {
    // The parser works by recursion, which ends somewhere.
    return { position: 0, what: 'it is nested too deeply to say what is wrong' };
  }
  const [first] = errors;
  if (first === undefined) return { position: 0, what: 'something is wrong' };
  return { position: first.offset, what: words(printParseErrorCode(first.error)) };
}

/** `CloseBraceExpected` -> `close brace expected` */
function words(code: string): string {
  return code.replaceAll(/(?<!^)([A-Z])/g, ' $1').toLowerCase();
}
