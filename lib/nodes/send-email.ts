/** `send_email`: one e-mail to the customer's address, from a template of the library or written in the node. */
import { z } from 'zod';
import { readPath } from '../journey/fact-path.ts';
import { nameField } from '../journey/schema-field.ts';
import { needsOf } from './needs-of.ts';
import { deliveryOutcome } from './delivery-outcome.ts';
import { nodeType, type Delivery, type Outcome, type RunContext } from './node-type.ts';
import { renderText, templateRoots } from './template.ts';
import { templateField } from './template-field.ts';
import { unexpectedTrigger } from './unexpected-trigger.ts';

const config = z.strictObject({
  template_id: nameField().exactOptional(),
  subject: templateField(1_000).exactOptional(),
  body: templateField(200_000).exactOptional(),
  provider: nameField().exactOptional(),
  from: nameField(320)
    .refine((address) => address.includes('@'), { message: 'must be an e-mail address' })
    .exactOptional(),
  on_failure: z.enum(['continue', 'fail']).default('continue'),
});

type Config = z.infer<typeof config>;

/** `{ "template_id": "welcome" }`, `{ "subject": "Hi {{ customer.name }}", "body": "<p>Welcome!</p>" }` */
export const sendEmail = nodeType<Config>({
  type: 'send_email',
  category: 'channel',
  set: 'core',
  summary: 'Sends an e-mail.',
  config,
  validate: ({ template_id: template, subject, body }) => {
    const inline = [subject, body].filter((text) => text !== undefined).length;
    if (template === undefined ? inline === 2 : inline === 0) return [];
    return [
      {
        message: 'needs either template_id, or both subject and body',
        hint: 'Remove one of the two, or complete it.',
      },
    ];
  },
  needs: ({ template_id: template, subject = '', body = '' }) =>
    template !== undefined
      ? ['customer', 'accumulated']
      : needsOf(new Set(['customer', ...templateRoots(subject), ...templateRoots(body)])),
  template: ({ template_id: template }) => template,
  run: (drawn, ctx) => compose(drawn, ctx),
  resume: (drawn, ctx, trigger) =>
    trigger.kind === 'delivery'
      ? deliveryOutcome(withOurReason(trigger.delivery, ctx), drawn.on_failure)
      : unexpectedTrigger('send_email', trigger),
});

function compose(drawn: Config, ctx: RunContext): Outcome {
  const recipient = recipientOf(ctx);
  // Without an address the message is not tried, but it is on record as skipped.
  if ('none' in recipient) return { kind: 'send', message: { channel: 'email', body: '' } };
  const source = sourceOf(drawn, ctx);
  if (source === undefined)
    return failed('template.unknown', `there is no template "${drawn.template_id ?? ''}"`);

  const { facts, now } = ctx;
  const subject = renderText(source.subject ?? '', { facts, now, escapeHtml: false });
  const body = renderText(source.body, { facts, now, escapeHtml: true });
  if ('problem' in subject) return failed('template.failed', `the subject ${subject.problem}`);
  if ('problem' in body) return failed('template.failed', `the body ${body.problem}`);
  const missing = new Set([...subject.missing, ...body.missing]);
  return {
    kind: 'send',
    message: {
      channel: 'email',
      to: recipient.address,
      ...(drawn.from === undefined ? {} : { from: drawn.from }),
      ...(drawn.provider === undefined ? {} : { provider: drawn.provider }),
      ...(drawn.template_id === undefined ? {} : { template: drawn.template_id }),
      ...(source.subject === undefined ? {} : { subject: oneLine(subject.text) }),
      body: body.text,
    },
    notes: [...missing].map((path) => `${path} is not set, so its place is empty`),
  };
}

interface Source {
  readonly subject?: string;
  readonly body: string;
}

/** The text to render, or undefined when the library does not have it. */
function sourceOf({ template_id: id, subject, body }: Config, ctx: RunContext): Source | undefined {
  if (id !== undefined) return ctx.template;
  return body === undefined ? undefined : { body, ...(subject === undefined ? {} : { subject }) };
}

function failed(code: string, detail: string): Outcome {
  return { kind: 'failed', code, detail, retryable: false };
}

type Recipient = { readonly address: string } | { readonly none: string };

/** Whom to write to, or why nobody. */
function recipientOf({ facts }: RunContext): Recipient {
  const address = readPath(facts, 'customer.email');
  if (address === undefined || address === '') return { none: 'no e-mail address' };
  if (!isAddress(address)) return { none: 'not an e-mail address' };
  return readPath(facts, 'customer.preferences.email') === false
    ? { none: 'the customer does not want e-mails' }
    : { address };
}

/** Only the node knows why it gave no address. */
function withOurReason(delivery: Delivery, ctx: RunContext): Delivery {
  const recipient = recipientOf(ctx);
  return delivery.status === 'skipped' && 'none' in recipient
    ? { ...delivery, detail: recipient.none }
    : delivery;
}

/** Good enough to never hand a provider two recipients or a header; whether the address exists, only the provider can tell. */
function isAddress(to: unknown): to is string {
  return typeof to === 'string' && to.length <= 320 && /^[^\s@<>,;"]+@[^\s@<>,;"]+$/.test(to);
}

/** A line break in a fact must not become a header of its own. */
function oneLine(subject: string): string {
  return subject.replace(/\s*[\r\n\p{Cc}]+\s*/gu, ' ').trim();
}
