/** API Gateway's form of a request -> a request as the web has it, and back. */
import type { APIGatewayProxyResult } from 'aws-lambda';
import type { ProxyRequest } from './input.ts';

/** Where it came in is nothing to the app: only the path counts. */
const origin = 'https://api.invalid';

export function requestOf(event: ProxyRequest): Request {
  const { httpMethod: method, path, body } = event;
  const url = new URL(origin);
  url.pathname = path;
  for (const [name, value] of queryOf(event)) url.searchParams.append(name, value);
  const headers = new Headers();
  for (const [name, value] of headersOf(event)) headers.append(name, bytesAsText(value));
  // The web knows no body of these, whatever was sent.
  const hasBody = method !== 'GET' && method !== 'HEAD' && typeof body === 'string';
  return new Request(url, { method, headers, ...(hasBody && { body: bytesOf(event, body) }) });
}

/** Bytes that Lambda hands over, the whole result written as JSON; of more it makes an error without a name. */
const resultBytesMax = 6_000_000;

export async function proxyResult(response: Response): Promise<APIGatewayProxyResult> {
  const headers: Record<string, string[]> = {};
  for (const [name, value] of response.headers) (headers[name] ??= []).push(value);
  const body = await response.text();
  const result = { statusCode: response.status, multiValueHeaders: headers, body };
  return Buffer.byteLength(JSON.stringify(result)) > resultBytesMax ? tooLarge : result;
}

const tooLarge: APIGatewayProxyResult = {
  statusCode: 413,
  multiValueHeaders: { 'content-type': ['application/json'] },
  body: JSON.stringify({
    error: {
      code: 'answer.too_large',
      message: 'The answer is larger than AWS hands over; ask for fewer at a time, or for one.',
    },
  }),
};

/** As a server reads headers: what is not ASCII stays the bytes that it came as. */
function bytesAsText(value: string): string {
  return Buffer.from(value, 'utf8').toString('latin1');
}

type Pairs = readonly (readonly [name: string, value: string])[];

function queryOf(event: ProxyRequest): Pairs {
  const { multiValueQueryStringParameters: many, queryStringParameters: single } = event;
  return many ? pairsOf(many) : Object.entries(single ?? {});
}

function headersOf({ multiValueHeaders: many, headers: single }: ProxyRequest): Pairs {
  return many ? pairsOf(many) : Object.entries(single ?? {});
}

function pairsOf(many: Readonly<Record<string, readonly string[]>>): Pairs {
  return Object.entries(many).flatMap(([name, values]) =>
    values.map((value) => [name, value] as const),
  );
}

function bytesOf({ isBase64Encoded }: ProxyRequest, body: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8'));
}
