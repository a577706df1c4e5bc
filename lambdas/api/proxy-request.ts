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

export async function proxyResult(response: Response): Promise<APIGatewayProxyResult> {
  const headers: Record<string, string[]> = {};
  for (const [name, value] of response.headers) (headers[name] ??= []).push(value);
  return { statusCode: response.status, multiValueHeaders: headers, body: await response.text() };
}

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
