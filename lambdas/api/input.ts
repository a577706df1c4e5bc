/**
 * A request as API Gateway's REST proxy hands it over. The path is without the stage. What no gateway lets through, such as a line
 * break in a header, is refused here, so that everything behind is an ordinary request.
 */
import { z } from 'zod';

/** Half a character cannot be part of an address. */
const text = z.string().refine((value) => value.isWellFormed());
const headerName = z.string().regex(/^[\w!#$%&'*+.^`|~-]+$/);
const headerValue = text.regex(/^[^\0\r\n]*$/);

export const input = z
  .object({
    httpMethod: z.enum(['DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT']),
    path: text.startsWith('/'),
    headers: z.record(headerName, headerValue).nullish(),
    multiValueHeaders: z.record(headerName, z.array(headerValue)).nullish(),
    queryStringParameters: z.record(text, text).nullish(),
    multiValueQueryStringParameters: z.record(text, z.array(text)).nullish(),
    body: z.string().nullish(),
    isBase64Encoded: z.boolean().nullish(),
  })
  .refine(({ body, isBase64Encoded }) => !isBase64Encoded || base64.safeParse(body ?? '').success);

const base64 = z.base64();

export type ProxyRequest = z.infer<typeof input>;
