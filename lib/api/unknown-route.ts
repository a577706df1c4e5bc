/** A request that no route takes: nothing is at this path, or not by this method. */
import type { OpenAPIHono } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { KalciferError } from '../kalcifer-error.ts';
import type { ApiVariables } from './api-keys.ts';

/** Tells the methods that the path does have in the header `Allow`, as HTTP asks for (RFC 9110, section 15.5.6). */
export function unknownRoute(
  app: OpenAPIHono<{ Variables: ApiVariables }>,
  c: Context,
): KalciferError {
  const { method, path } = c.req;
  const allowed = methodsAt(app, path);
  if (allowed.length === 0) {
    return new KalciferError('route.unknown', `There is nothing at ${method} ${path}.`);
  }
  c.header('Allow', allowed.join(', '));
  return new KalciferError(
    'route.method',
    `${path} does not take ${method}; it takes ${allowed.join(', ')}.`,
  );
}

function methodsAt(app: OpenAPIHono<{ Variables: ApiVariables }>, path: string): readonly string[] {
  const methods = app.openAPIRegistry.definitions.flatMap((definition) =>
    definition.type === 'route' && fits(definition.route.path, path)
      ? [definition.route.method.toUpperCase()]
      : [],
  );
  return [...new Set(methods)].flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method]));
}

/** `/v1/customers/{customer}` fits `/v1/customers/c_1`. */
function fits(template: string, path: string): boolean {
  const wanted = template.split('/');
  const given = path.split('/');
  return (
    wanted.length === given.length &&
    wanted.every((part, at) => (part.startsWith('{') ? given[at] !== '' : part === given[at]))
  );
}
