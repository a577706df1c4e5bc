/** `send_email`: which message to whom, and what becomes of the step. */
import { describe, expect, test } from 'vitest';
import type { Facts, Template } from '../../lib/nodes/node-type.ts';
import { sendEmail } from '../../lib/nodes/send-email.ts';
import { configProblems, contextWith, resumeNode, runNode } from '../support/node-runs.ts';

const inline = { subject: 'Hi {{ customer.name }}', body: '<p>{{ event.text }}</p>' };
const ada = { id: 'c1', email: 'ada@example.com', name: 'Ada' };

const withFacts = (facts: Partial<Facts>): ReturnType<typeof contextWith> =>
  contextWith({ facts: { customer: ada, ...facts } });

const skipped = {
  kind: 'delivery',
  delivery: { status: 'skipped', detail: 'no address given' },
} as const;

describe('send_email', () => {
  test('hands over the inline message', () => {
    expect(runNode(sendEmail, inline, withFacts({ event: { text: 'Welcome' } }))).toEqual({
      kind: 'send',
      message: {
        channel: 'email',
        to: 'ada@example.com',
        subject: 'Hi Ada',
        body: '<p>Welcome</p>',
      },
      notes: [],
    });
  });

  test('hands over the message of a template, by provider and sender', () => {
    const template: Template = {
      id: 'welcome',
      subject: 'Welcome, {{ customer.name }}',
      body: 'You came by {{ accumulated.n1.branch }}.',
    };
    const config = { template_id: 'welcome', provider: 'ses', from: 'Us <us@example.com>' };
    const ctx = {
      ...withFacts({ accumulated: { n1: { branch: 'a' } } }),
      template,
    };
    expect(runNode(sendEmail, config, ctx)).toEqual({
      kind: 'send',
      message: {
        channel: 'email',
        to: 'ada@example.com',
        from: 'Us <us@example.com>',
        provider: 'ses',
        template: 'welcome',
        subject: 'Welcome, Ada',
        body: 'You came by a.',
      },
      notes: [],
    });
  });

  test('sends a template without a subject as it is', () => {
    const ctx = { ...withFacts({}), template: { id: 't', body: 'Hello' } };
    expect(runNode(sendEmail, { template_id: 't' }, ctx)).toEqual({
      kind: 'send',
      message: { channel: 'email', to: 'ada@example.com', template: 't', body: 'Hello' },
      notes: [],
    });
  });

  test('escapes facts for HTML in the body, not in the subject', () => {
    const ctx = withFacts({
      customer: { ...ada, name: 'A & B' },
      event: { text: '<script>"x"</script>' },
    });
    expect(runNode(sendEmail, inline, ctx)).toMatchObject({
      message: {
        subject: 'Hi A & B',
        body: '<p>&lt;script&gt;&#34;x&#34;&lt;/script&gt;</p>',
      },
    });
  });

  test('keeps the subject one line, whatever the facts contain', () => {
    const ctx = withFacts({ customer: { ...ada, name: 'Ada\r\nBcc: all@example.com\n' } });
    expect(runNode(sendEmail, inline, ctx)).toMatchObject({
      message: { subject: 'Hi Ada Bcc: all@example.com' },
    });
  });

  test('leaves the places of missing facts empty and says so, each once', () => {
    const drawn = { subject: '{{ event.text }}', body: '{{ event.text }}{{ customer.nick }}' };
    expect(runNode(sendEmail, drawn, withFacts({}))).toMatchObject({
      message: { subject: '', body: '' },
      result: { missing: ['event.text', 'customer.nick'] },
      notes: [
        'event.text is not set, so its place is empty',
        'customer.nick is not set, so its place is empty',
      ],
    });
  });

  test.each([
    [undefined, 'no e-mail address'],
    [null, 'no e-mail address'],
    ['', 'no e-mail address'],
    [5, 'not an e-mail address'],
    ['ada', 'not an e-mail address'],
    ['ada@example.com, eve@example.com', 'not an e-mail address'],
    ['ada@example.com\r\nBcc: eve@example.com', 'not an e-mail address'],
    [`${'a'.repeat(320)}@example.com`, 'not an e-mail address'],
  ])('skips a customer whose address is %j, or fails on request', (email, detail) => {
    const customer = email === undefined ? { id: 'c1' } : { id: 'c1', email };
    const ctx = withFacts({ customer });
    expect(runNode(sendEmail, inline, ctx)).toEqual({
      kind: 'send',
      message: { channel: 'email', body: '' },
    });
    expect(resumeNode(sendEmail, inline, skipped, ctx)).toEqual({
      kind: 'completed',
      result: { status: 'skipped', detail },
      notes: [`not sent: ${detail}`],
    });
    expect(resumeNode(sendEmail, { ...inline, on_failure: 'fail' }, skipped, ctx)).toEqual({
      kind: 'failed',
      code: 'send.skipped',
      detail,
      retryable: false,
    });
  });

  test('skips a customer who does not want e-mails', () => {
    const unsubscribed = { ...ada, preferences: { email: false, sms: true } };
    const ctx = withFacts({ customer: unsubscribed });
    expect(runNode(sendEmail, inline, ctx)).toEqual({
      kind: 'send',
      message: { channel: 'email', body: '' },
    });
    expect(resumeNode(sendEmail, inline, skipped, ctx)).toMatchObject({
      kind: 'completed',
      result: { status: 'skipped', detail: 'the customer does not want e-mails' },
    });
    const subscribed = { ...ada, preferences: { email: true, sms: false } };
    expect(runNode(sendEmail, inline, withFacts({ customer: subscribed })).kind).toBe('send');
  });

  test('fails for good when the library has no such template', () => {
    expect(runNode(sendEmail, { template_id: 'gone' }, withFacts({}))).toEqual({
      kind: 'failed',
      code: 'template.unknown',
      detail: 'there is no template "gone"',
      retryable: false,
    });
  });

  test('fails for good when the template is for another channel', () => {
    const ctx = { ...withFacts({}), template: { id: 't', channel: 'sms', body: 'Hi' } as const };
    expect(runNode(sendEmail, { template_id: 't' }, ctx)).toEqual({
      kind: 'failed',
      code: 'template.wrong_channel',
      detail: 'template "t" is for sms, not for email',
      retryable: false,
    });
  });

  test.each([
    ['subject', 'the subject cannot be rendered: line 1: Invalid time zone specified: Mars'],
    ['body', 'the body cannot be rendered: line 1: Invalid time zone specified: Mars'],
  ])('fails for good when the %s cannot be rendered', (part, detail) => {
    const drawn = { ...inline, [part]: "{{ 'now' | date: '%H', 'Mars' }}" };
    expect(runNode(sendEmail, drawn, withFacts({}))).toEqual({
      kind: 'failed',
      code: 'template.failed',
      detail,
      retryable: false,
    });
  });

  test('completes with what the provider answered', () => {
    const sent = {
      kind: 'delivery',
      delivery: { status: 'sent', providerMessageId: 'm1' },
    } as const;
    expect(resumeNode(sendEmail, inline, sent)).toEqual({
      kind: 'completed',
      result: { status: 'sent', provider_message_id: 'm1' },
    });
    const refused = {
      kind: 'delivery',
      delivery: { status: 'failed', detail: 'bounced' },
    } as const;
    expect(resumeNode(sendEmail, inline, refused)).toMatchObject({ kind: 'completed' });
    expect(resumeNode(sendEmail, { ...inline, on_failure: 'fail' }, refused)).toMatchObject({
      kind: 'failed',
      code: 'send.failed',
      detail: 'bounced',
    });
  });

  test('completes with the reason of whoever skipped the message', () => {
    expect(resumeNode(sendEmail, inline, skipped)).toMatchObject({
      kind: 'completed',
      result: { status: 'skipped', detail: 'no address given' },
    });
  });

  test('fails on a trigger that is no delivery', () => {
    expect(resumeNode(sendEmail, inline, { kind: 'timer' })).toMatchObject({
      code: 'node.unexpected_trigger',
      detail: 'send_email does not go on by this trigger: timer',
    });
  });

  test('names its template, and needs what it reads', () => {
    const parse = (config: object): never => sendEmail.config.parse(config);
    expect(sendEmail.template?.(parse({ template_id: 't' }))).toBe('t');
    expect(sendEmail.template?.(parse(inline))).toBeUndefined();
    const needs = (body: string): unknown =>
      sendEmail.needs?.(parse({ template_id: 't' }), { id: 't', subject: 's', body });
    expect(needs('Hi')).toEqual(['customer']);
    expect(needs('Hi {{ accumulated.n.x }}')).toEqual(['customer', 'accumulated']);
    expect(sendEmail.needs?.(parse({ subject: 's', body: 'b' }))).toEqual(['customer']);
    expect(sendEmail.needs?.(parse({ subject: 's', body: '{{ accumulated.n.x }}' }))).toEqual([
      'customer',
      'accumulated',
    ]);
  });

  test.each([
    [{}, 1],
    [{ subject: 's' }, 1],
    [{ body: 'b' }, 1],
    [{ template_id: 't', subject: 's', body: 'b' }, 1],
    [{ template_id: 't' }, 0],
    [{ subject: 's', body: 'b' }, 0],
  ])('takes a template or a whole inline message: %j', (config, problems) => {
    expect(configProblems(sendEmail, config)).toHaveLength(problems);
  });
});
