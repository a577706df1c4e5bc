/**
 * A channel hands one message to one provider (SES, an SMS gateway, the local outbox) and tells what became of it.
 *
 * The engine calls a channel only behind the claim of that one message, so a channel never has to prevent duplicates.
 */

/** Who carries messages on which channel: a channel may have several providers. */
export interface Channels {
  /** The provider of that name, or the channel's first when none is named; undefined when there is none. */
  find(route: { readonly channel: string; readonly provider?: string }): Provider | undefined;
}

export interface Provider {
  /** As nodes name it: `ses`, `outbox`. */
  readonly name: string;
  readonly channel: Channel;
}

export interface Channel {
  /** True when repeating a call with the same key cannot send twice: the provider itself deduplicates by key. */
  readonly idempotent: boolean;
  /**
   * Hands the message over. A channel that throws is taken for `unknown`: the message may or may not have left.
   */
  send(message: OutgoingMessage): Promise<ChannelAnswer>;
}

export interface OutgoingMessage {
  /**
   * One key per instance and node, the same at every attempt and in every version. It is also the tag by which a provider's
   * later report finds the message.
   */
  readonly key: string;
  readonly tenant: string;
  readonly customer: string;
  readonly journey: string;
  readonly instance: string;
  readonly node: string;
  readonly channel: string;
  readonly to: string;
  readonly from?: string;
  readonly provider?: string;
  readonly template?: string;
  readonly subject?: string;
  readonly body: string;
  readonly placement?: string;
  /** Epoch milliseconds; from then on the message is not shown any more. */
  readonly expiresAt?: number;
  /** Present exactly on the channel `webhook`, whose `to` is a web address. */
  readonly request?: OutgoingRequest;
}

export interface OutgoingRequest {
  readonly method: 'POST' | 'PUT';
  /** By lower-case name. A value that must not be read names a secret of the tenant; only the channel puts it in. */
  readonly headers: Readonly<
    Record<string, string | { readonly secretRef: string; readonly prefix?: string }>
  >;
  /** Everything included: name look-up, connection, redirects, answer. */
  readonly timeoutMs: number;
  /** Statuses that count as accepted; absent: any 2xx. */
  readonly expect?: readonly number[];
}

/** What the receiver of a webhook answered. */
export interface WebhookResponse {
  readonly status: number;
  /** The beginning of the body, at most 8,192 bytes. */
  readonly text: string;
  /** True when the body is longer. */
  readonly cut: boolean;
}

/** Reasons are shown to operators and travel in execution histories: never an address, a text or a secret. */
export type ChannelAnswer =
  /** The provider has it. */
  | {
      readonly kind: 'accepted';
      readonly providerMessageId: string;
      readonly response?: WebhookResponse;
    }
  /** The provider will never deliver to this recipient; no later attempt can succeed. */
  | { readonly kind: 'refused'; readonly reason: string; readonly response?: WebhookResponse }
  /** It certainly did not leave; a later attempt may succeed. */
  | { readonly kind: 'transient'; readonly reason: string }
  /** The provider takes nothing from us as we are set up: a wrong password, a sender that it does not know. */
  | { readonly kind: 'misconfigured'; readonly reason: string }
  /** Nobody can tell whether it left. It is never sent again by itself. */
  | { readonly kind: 'unknown'; readonly reason: string };
