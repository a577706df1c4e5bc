/**
 * What all nodes that send a message share: a template of the library or a text written in the node, one recipient, and what
 * becomes of the step. A node type says only which channel it is and where the customer's address stands.
 */
import { z } from 'zod';
import { idField, nameField } from '../../journey/schema-field.ts';
import { channelRules, type MessageChannel } from './channel-rules.ts';
import { deliveryOutcome, type OnFailure } from './delivery-outcome.ts';
import { needsOf } from '../needs-of.ts';
import {
  nodeType,
  type Delivery,
  type Facts,
  type Message,
  type MessageRoute,
  type NodeType,
  type Outcome,
  type RunContext,
} from '../node-type.ts';
import { renderMessage, type MessageSource } from './render-message.ts';
import { refusesChannel } from './refused-channel.ts';
import { templateRoots } from '../templates/template.ts';
import { templateField } from '../templates/template-field.ts';
import { unexpectedTrigger } from '../unexpected-trigger.ts';

interface MessageConfig {
  readonly template_id?: string;
  readonly subject?: string;
  readonly body?: string;
  readonly provider?: string;
  readonly from?: string;
  readonly on_failure: OnFailure;
}

/** The address of a customer on a channel, or why there is none. */
export type Recipient = { readonly address: string } | { readonly none: string };

export interface MessageKind<Config extends MessageConfig> extends Pick<
  NodeType,
  'type' | 'set' | 'summary'
> {
  readonly channel: MessageChannel;
  /** Made of `messageFields`, `subjectField` and what only this channel has. */
  readonly config: z.ZodType<Config>;
  /** Whether a text written in the node needs a subject. */
  readonly needsSubject?: boolean;
  readonly recipient: (facts: Facts) => Recipient;
  /** Fields of the message that only this channel has. */
  readonly extras?: (config: Config, ctx: RunContext) => Pick<Message, 'placement' | 'expiresAt'>;
}

/** Fields that every message has. */
export function messageFields(bodyCharactersMax: number): MessageFields {
  return {
    template_id: idField().exactOptional(),
    body: templateField(bodyCharactersMax).exactOptional(),
    provider: nameField().exactOptional(),
    on_failure: z.enum(['continue', 'fail']).default('continue'),
  };
}

interface MessageFields {
  readonly template_id: z.ZodExactOptional<z.ZodType<string>>;
  readonly body: z.ZodExactOptional<z.ZodType<string>>;
  readonly provider: z.ZodExactOptional<z.ZodType<string>>;
  readonly on_failure: z.ZodDefault<z.ZodEnum<{ continue: 'continue'; fail: 'fail' }>>;
}

/** For channels whose messages have one. */
export const subjectField = templateField(1_000).exactOptional();

export function messageNode<Config extends MessageConfig>(kind: MessageKind<Config>): NodeType {
  const { type, set, summary, config } = kind;
  return nodeType<Config>({
    type,
    category: 'channel',
    set,
    summary,
    config,
    validate: (drawn) => textProblems(drawn, kind.needsSubject === true),
    needs: (drawn, template) => {
      const { subject = '', body = '' } = template ?? drawn;
      return needsOf(new Set(['customer', ...templateRoots(subject), ...templateRoots(body)]));
    },
    template: ({ template_id: template }) => template,
    sends: (drawn) => routeOf(kind, drawn),
    run: (drawn, ctx) => compose(kind, drawn, ctx),
    resume: (drawn, ctx, trigger) =>
      trigger.kind === 'delivery'
        ? deliveryOutcome(withOurReason(kind, trigger.delivery, ctx), drawn.on_failure)
        : unexpectedTrigger(type, trigger),
  });
}

function textProblems(
  { template_id: template, subject, body }: MessageConfig,
  needsSubject: boolean,
): readonly { readonly message: string; readonly hint: string }[] {
  const isWhole = body !== undefined && (subject !== undefined || !needsSubject);
  const isInline = body !== undefined || subject !== undefined;
  if (template === undefined ? isWhole : !isInline) return [];
  const inline = needsSubject ? 'both subject and body' : 'body';
  return [
    {
      message: `needs either template_id, or ${inline}`,
      hint: 'Remove one of the two, or complete it.',
    },
  ];
}

function routeOf(
  { channel }: { readonly channel: MessageChannel },
  { provider }: MessageConfig,
): MessageRoute {
  return { channel, ...(provider === undefined ? {} : { provider }) };
}

function compose<Config extends MessageConfig>(
  kind: MessageKind<Config>,
  drawn: Config,
  ctx: RunContext,
): Outcome {
  const recipient = recipientOf(kind, ctx);
  const route = routeOf(kind, drawn);
  // Without an address the message is not tried, but it is on record as skipped.
  if ('none' in recipient) return { kind: 'send', message: { ...route, body: '' } };
  const source = sourceOf(drawn, ctx);
  const { template_id: template = '', from } = drawn;
  if (source === undefined) return failed('template.unknown', `there is no template "${template}"`);
  if (ctx.template?.channel !== undefined && ctx.template.channel !== kind.channel) {
    return failed(
      'template.wrong_channel',
      `template "${template}" is for ${ctx.template.channel}, not for ${kind.channel}`,
    );
  }
  const rendered = renderMessage(kind.channel, source, ctx);
  if ('problem' in rendered) return failed(rendered.code, rendered.problem);
  const { missing, ...texts } = rendered;
  return {
    kind: 'send',
    message: {
      ...route,
      to: recipient.address,
      ...(from === undefined ? {} : { from }),
      ...(template === '' ? {} : { template }),
      ...texts,
      ...kind.extras?.(drawn, ctx),
    },
    ...(missing.length === 0 ? {} : { result: { missing } }),
    notes: missing.map((path) => `${path} is not set, so its place is empty`),
  };
}

/** The text to render, or undefined when the library does not have it. */
function sourceOf(
  { template_id: id, subject, body }: MessageConfig,
  ctx: RunContext,
): MessageSource | undefined {
  if (id !== undefined) return ctx.template;
  return body === undefined ? undefined : { body, ...(subject === undefined ? {} : { subject }) };
}

function failed(code: string, detail: string): Outcome {
  return { kind: 'failed', code, detail, retryable: false };
}

/** Whom to write to, or why nobody. */
function recipientOf(
  { channel, recipient }: Pick<MessageKind<never>, 'channel' | 'recipient'>,
  { facts }: RunContext,
): Recipient {
  const found = recipient(facts);
  if ('none' in found) return found;
  return refusesChannel(facts, channel)
    ? { none: `the customer does not want ${channelRules[channel].messages}` }
    : found;
}

/** Only the node knows why it gave no address. */
function withOurReason(
  kind: Pick<MessageKind<never>, 'channel' | 'recipient'>,
  delivery: Delivery,
  ctx: RunContext,
): Delivery {
  const recipient = recipientOf(kind, ctx);
  return delivery.status === 'skipped' && 'none' in recipient
    ? { ...delivery, detail: recipient.none }
    : delivery;
}
