/** Reads a JSON body: not larger than allowed, and when it is malformed, the answer says where. */
import type { MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { KalciferError } from '../kalcifer-error.ts';

/** Bytes: a graph, or a hundred events with data. */
export const bodyBytesMax = 1024 * 1024;

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
  } catch (error) {
    const reason = error instanceof Error ? error.message : '';
    const position = positionOf(reason) ?? text.length;
    const { line, column } = placeOf(text, position);
    throw new KalciferError(
      'body.malformed',
      `The body is not JSON: it breaks off or goes wrong at position ${position} (line ${line}, column ${column}).`,
      {
        problems: [
          { code: 'body.malformed', message: plain(reason), path: `position ${position}` },
        ],
      },
    );
  }
}

function positionOf(reason: string): number | undefined {
  const match = /position (\d+)/.exec(reason);
  return match?.[1] === undefined ? undefined : Number(match[1]);
}

/** The engine's own words quote the body; only what comes before the quotation is repeated. */
function plain(reason: string): string {
  return reason.replace(/,? ?"(.|\n)*$/, '').replace(/ in JSON at position.*$/s, '');
}

function placeOf(text: string, position: number): { line: number; column: number } {
  const before = text.slice(0, position).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}
