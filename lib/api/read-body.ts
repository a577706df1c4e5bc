/** Reads a JSON body: not larger and not deeper than allowed; when it is malformed, the answer says where. */
import type { MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { isPlainJson } from '../journey/plain-json.ts';
import { jsonFault } from '../json-fault.ts';
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
      const text = decode(await c.req.arrayBuffer());
      if (text.trim() !== '') {
        checkMediaType(c.req.header('content-type'));
        checkValues(parse(text));
      }
    }
    await next();
  };
}

/** For a route whose body is optional: a blank one is none, whatever its header says. */
export function allowNoBody(): MiddlewareHandler {
  return async (c, next) => {
    if ((await c.req.text()).trim() === '') {
      const headers = new Headers(c.req.raw.headers);
      headers.delete('content-type');
      headers.delete('content-length');
      c.req.raw = new Request(c.req.url, { method: c.req.method, headers });
    }
    await next();
  };
}

const hasBody: ReadonlySet<string> = new Set(['POST', 'PUT', 'PATCH']);

/** A text with replacement characters in it would be another customer's id. */
function decode(bytes: ArrayBuffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new KalciferError('body.malformed', 'The body is not UTF-8.');
  }
}

function checkMediaType(type: string | undefined): void {
  if (type !== undefined && /^application\/([\w.-]+\+)?json\s*(;|$)/i.test(type.trim())) return;
  throw new KalciferError(
    'body.media_type',
    `The body must be JSON: send the header "content-type: application/json"${type === undefined ? '' : `, not "${type}"`}.`,
  );
}

/** Levels: deeper than any graph, and far from where code that recurses would end. */
const depthMax = 64;

function checkValues(body: unknown): void {
  if (isPlainJson(body, depthMax)) return;
  throw new KalciferError(
    'body.malformed',
    `The body is nested deeper than ${depthMax} levels, or holds a number that is too large.`,
  );
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    const { position, line, column, what } = jsonFault(text);
    throw new KalciferError(
      'body.malformed',
      `The body is not JSON: ${what}, at position ${position} (line ${line}, column ${column}).`,
    );
  }
}
