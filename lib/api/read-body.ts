/** Reads a JSON body: not larger than allowed, and when it is malformed, the answer says where. */
import type { MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { parse as parseJson, printParseErrorCode, type ParseError } from 'jsonc-parser';
import { KalciferError } from '../kalcifer-error.ts';

/** Bytes: a graph, or a hundred events with data. */
const bodyBytesMax = 1024 * 1024;

export function limitBody(): MiddlewareHandler {
  return bodyLimit({
    maxSize: bodyBytesMax,
    onError: () => {
      throw new KalciferError('body.too_large', `The body is larger than ${bodyBytesMax} bytes.`);
    },
  });
}

/** Runs before any route looks at the body, so that every malformed one is answered in the same words. */
export function readJsonBody(): MiddlewareHandler {
  return async (c, next) => {
    if (hasBody.has(c.req.method)) {
      const text = await c.req.text();
      if (text.trim() !== '') parse(text);
    }
    await next();
  };
}

const hasBody: ReadonlySet<string> = new Set(['POST', 'PUT', 'PATCH']);

function parse(text: string): void {
  try {
    JSON.parse(text);
  } catch {
    const { position, what } = firstFault(text);
    const { line, column } = placeOf(text, position);
    throw new KalciferError(
      'body.malformed',
      `The body is not JSON: ${what} at position ${position} (line ${line}, column ${column}).`,
    );
  }
}

/** The engine's own JSON parser does not say where; this one does. */
function firstFault(text: string): { readonly position: number; readonly what: string } {
  const errors: ParseError[] = [];
  parseJson(text, errors, { disallowComments: true, allowTrailingComma: false });
  const [first] = errors;
  if (first === undefined) return { position: 0, what: 'something is wrong' };
  return { position: first.offset, what: words(printParseErrorCode(first.error)) };
}

/** `CloseBraceExpected` -> `close brace expected` */
function words(code: string): string {
  return code.replaceAll(/(?<!^)([A-Z])/g, ' $1').toLowerCase();
}

function placeOf(text: string, position: number): { line: number; column: number } {
  const before = text.slice(0, position).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}
