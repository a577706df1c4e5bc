/**
 * Calls a web address that a tenant wrote down, without letting it reach what is not public (semantics 7.12.13): https only, every
 * address that the name has is checked, the connection goes to an address that was checked, and each redirect is judged anew.
 */
import { lookup } from 'node:dns/promises';
import { request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { LookupFunction } from 'node:net';
import { isPublicAddress, webTargetProblem } from '../../public-address.ts';
import type { Clock } from '../../ports/clock.ts';

export interface WebCall {
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Names of headers that are for the first origin only: a redirect to another one leaves them behind. */
  readonly privateHeaders: ReadonlySet<string>;
  readonly body: string;
  /** Milliseconds for everything together: name look-up, connections, redirects, the answer's body. */
  readonly timeoutMs: number;
}

export type WebAnswer =
  | {
      readonly kind: 'answered';
      readonly status: number;
      /** The beginning of the body, cut to whole characters. */
      readonly text: string;
      readonly cut: boolean;
    }
  /** Where the call leads is not allowed. */
  | { readonly kind: 'forbidden'; readonly reason: string }
  /** No answer came: the next call may have more luck. */
  | { readonly kind: 'failed'; readonly reason: string };

export interface Address {
  readonly address: string;
  readonly family: number;
}

export interface WebCallerOptions {
  readonly clock: Clock;
  /** Every address of a host name; default: the machine's resolver. */
  readonly resolve?: (host: string) => Promise<readonly Address[]>;
  /** Which addresses may be called; default: public ones. */
  readonly mayCall?: (address: string) => boolean;
  /** Certificates to trust besides the usual ones, in PEM. */
  readonly ca?: string;
  /**
   * For development: every call goes to this origin (`http://127.0.0.1:9000`) instead of where it is meant to go, with its path.
   */
  readonly divertTo?: string;
}

export type WebCaller = (call: WebCall) => Promise<WebAnswer>;

const redirectsMax = 3;
/** Bytes of an answer that are kept; the rest is not waited for. */
const answerBytesMax = 8_192;

export function webCaller(options: WebCallerOptions): WebCaller {
  return async (call) => {
    const abort = new AbortController();
    const { clock } = options;
    const cancel = clock.wakeAt(clock.now() + call.timeoutMs, () => abort.abort());
    try {
      return await orWhenAborted(follow(options, call, abort.signal), abort.signal);
    } catch (error) {
      return abort.signal.aborted
        ? { kind: 'failed', reason: `no answer within ${call.timeoutMs} ms` }
        : { kind: 'failed', reason: reasonOf(error) };
    } finally {
      cancel();
    }
  };
}

async function follow(
  options: WebCallerOptions,
  call: WebCall,
  signal: AbortSignal,
): Promise<WebAnswer> {
  let { url, headers } = call;
  for (let redirects = 0; redirects <= redirectsMax; redirects++) {
    const target = await targetOf(options, url);
    if ('reason' in target) return { kind: 'forbidden', reason: target.reason };
    const response = await send({ ...call, url, headers }, target, options.ca, signal);
    const status = response.statusCode ?? 0;
    const location = redirectStatuses.has(status) ? response.headers.location : undefined;
    if (location === undefined) return { kind: 'answered', status, ...(await readText(response)) };
    response.destroy();
    if (!URL.canParse(location, url)) {
      return {
        kind: 'forbidden',
        reason: 'the receiver redirects to something that is no address',
      };
    }
    const next = new URL(location, url);
    if (next.origin !== new URL(url).origin) headers = withoutPrivate(call);
    url = next.href;
  }
  return { kind: 'forbidden', reason: `the receiver redirects more than ${redirectsMax} times` };
}

/** These keep the method and the body (RFC 9110 allows it for the first two); a 303 would turn the call into a GET. */
const redirectStatuses: ReadonlySet<number> = new Set([301, 302, 307, 308]);

interface Target {
  readonly url: URL;
  /** Addresses that were checked; the connection goes to one of them. */
  readonly addresses: readonly Address[];
}

async function targetOf(
  options: WebCallerOptions,
  url: string,
): Promise<Target | { readonly reason: string }> {
  const meant = new URL(url);
  if (options.divertTo !== undefined) {
    const diverted = new URL(meant.pathname + meant.search, options.divertTo);
    return { url: diverted, addresses: await resolveWith(options, diverted.hostname) };
  }
  const { mayCall = isPublicAddress } = options;
  const problem = webTargetProblem(url);
  if (problem !== undefined) return { reason: `the address ${problem}` };
  const addresses = await resolveWith(options, meant.hostname);
  if (addresses.length === 0) throw new Error(`${meant.hostname} has no address`);
  const refused = addresses.find(({ address }) => !mayCall(address));
  return refused === undefined
    ? { url: meant, addresses }
    : { reason: `${meant.hostname} leads to ${refused.address}, which is not a public address` };
}

async function resolveWith(
  { resolve = resolveByMachine }: WebCallerOptions,
  hostname: string,
): Promise<readonly Address[]> {
  return resolve(hostname.replace(/^\[(.*)\]$/, '$1'));
}

function resolveByMachine(host: string): Promise<readonly Address[]> {
  return lookup(host, { all: true });
}

function send(
  call: WebCall,
  { url, addresses }: Target,
  ca: string | undefined,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const options: RequestOptions = {
    method: call.method,
    headers: { ...call.headers, 'content-length': Buffer.byteLength(call.body) },
    agent: false,
    signal,
    lookup: answering(addresses),
  };
  return new Promise((resolve, reject) => {
    const request =
      url.protocol === 'https:'
        ? httpsRequest(url, { ...options, ...(ca === undefined ? {} : { ca }) }, resolve)
        : httpRequest(url, options, resolve);
    request.on('error', reject);
    request.end(call.body);
  });
}

/** What the connection asks instead of the resolver, so that a name cannot lead elsewhere after it was checked. */
function answering(addresses: readonly Address[]): LookupFunction {
  return (_hostname, { all }, callback) => {
    const [first] = addresses;
    if (all === true) callback(null, [...addresses]);
    else callback(null, first?.address ?? '', first?.family);
  };
}

async function readText(
  response: IncomingMessage,
): Promise<{ readonly text: string; readonly cut: boolean }> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > answerBytesMax) break;
  }
  response.destroy();
  const kept = Buffer.concat(chunks).subarray(0, answerBytesMax);
  // Not flushed: a character that the cut has split is left out.
  const text = new TextDecoder().decode(kept, { stream: true });
  return { text, cut: bytes > answerBytesMax };
}

function withoutPrivate({ headers, privateHeaders }: WebCall): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !privateHeaders.has(name)));
}

/** A name look-up cannot be called off; this stops waiting for it. */
function orWhenAborted<Answer>(work: Promise<Answer>, signal: AbortSignal): Promise<Answer> {
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => reject(new Error('aborted')), { once: true });
    work.then(resolve, reject);
  });
}

/** The code of a network error says what happened, and nothing about the body or the headers. */
function reasonOf(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException;
  return typeof code === 'string' ? `the call broke off (${code})` : 'the call broke off';
}
