import { describe, expect, it } from 'vitest';
import { apiHarness } from '../support/api-harness.ts';

describe('templates over HTTP', () => {
  it('are written, read, listed in order, replaced and removed', async () => {
    const api = await apiHarness();
    const mail = { channel: 'email', subject: 'Hi {{ customer.name }}', body: '<p>Hi</p>' };
    const put = await api.call('PUT', '/v1/templates/welcome', mail);
    expect([put.status, put.body]).toEqual([200, { id: 'welcome', ...mail }]);
    await api.call('PUT', '/v1/templates/a%23b', { body: 'Hello' });
    expect((await api.call('GET', '/v1/templates')).body).toEqual({
      templates: [
        { id: 'a#b', body: 'Hello' },
        { id: 'welcome', ...mail },
      ],
    });
    await api.call('PUT', '/v1/templates/welcome', { channel: 'sms', body: 'Hi' });
    expect((await api.call('GET', '/v1/templates/welcome')).body).toEqual({
      id: 'welcome',
      channel: 'sms',
      body: 'Hi',
    });
    const removed = await api.call('DELETE', '/v1/templates/welcome');
    expect([removed.status, removed.body]).toEqual([200, { template: 'welcome' }]);
    for (const method of ['GET', 'DELETE']) {
      const gone = await api.call(method, '/v1/templates/welcome');
      expect([gone.status, gone.body.error.code]).toEqual([404, 'template.unknown']);
    }
  });

  it('are not written again when they are kept already', async () => {
    const api = await apiHarness();
    const mail = { channel: 'email', subject: 'Hi', body: '<p>Hi</p>' };
    await api.call('PUT', '/v1/templates/welcome', mail);
    const before = api.table.groups.length;
    expect((await api.call('PUT', '/v1/templates/welcome', mail)).body).toEqual({
      id: 'welcome',
      ...mail,
    });
    expect(api.table.groups).toHaveLength(before);
  });

  it('are refused with every problem at once, each with its line and a hint, and nothing is kept', async () => {
    const api = await apiHarness();
    const { status, body } = await api.call('PUT', '/v1/templates/bad', {
      channel: 'fax',
      subject: '{{ customer.name',
      body: 'Hi\n{{ customer.name | upcasse }}',
    });
    expect(status).toBe(422);
    expect(body.error.code).toBe('template.invalid');
    expect(body.error.message).toBe(
      'Template "bad" cannot be used: the channel "fax" is unknown, and 2 more.',
    );
    expect(body.error.problems).toEqual([
      {
        code: 'template.text',
        path: 'channel',
        message: 'the channel "fax" is unknown',
        hint: 'There are: email, sms, push, whatsapp, in_app; without one, any may use it.',
      },
      {
        code: 'template.text',
        path: 'subject',
        message: 'the subject is not a template: line 1: output "{{ customer.name" not closed',
        hint: 'Every {{ needs its }}, and every {% if %} or {% for %} its {% endif %} or {% endfor %}.',
      },
      {
        code: 'template.text',
        path: 'body',
        message: 'the body is not a template: line 2: undefined filter: upcasse',
        hint: 'Did you mean "upcase"?',
      },
    ]);
    expect((await api.call('GET', '/v1/templates')).body).toEqual({ templates: [] });
  });

  it.each([
    [{ channel: 'sms', subject: 's', body: 'b' }, 'text messages have no subject'],
    [{ channel: 'email', body: 'b' }, 'the subject is missing'],
    [{ body: '' }, 'the body is empty'],
    [{ body: ' \n' }, 'the body is empty'],
    [{ body: 'x'.repeat(200_001) }, 'the body is longer than 200000 characters'],
    [{ subject: 'x'.repeat(999), body: 'b' }, 'the subject is longer than 998 characters'],
    [{ body: '{{ user.name }}' }, 'the body reads "user" on line 1'],
    [{ body: '{% iff customer.name %}x' }, 'the body is not a template: line 1: tag "iff" not'],
  ])('are refused when they cannot be sent: %#', async (template, message) => {
    const api = await apiHarness();
    const { status, body } = await api.call('PUT', '/v1/templates/t', template);
    expect(status).toBe(422);
    expect(body.error.problems).toHaveLength(1);
    expect(body.error.problems[0].message).toContain(message);
  });

  it('belong to one tenant', async () => {
    const api = await apiHarness();
    await api.call('PUT', '/v1/templates/t', { body: 'of T1' });
    const asT2 = { 'x-api-key': api.keys.T2 };
    expect((await api.call('GET', '/v1/templates', undefined, asT2)).body).toEqual({
      templates: [],
    });
    for (const method of ['GET', 'DELETE']) {
      expect((await api.call(method, '/v1/templates/t', undefined, asT2)).status).toBe(404);
    }
    await api.call('PUT', '/v1/templates/t', { body: 'of T2' }, asT2);
    expect((await api.call('GET', '/v1/templates/t')).body.body).toBe('of T1');
  });
});
