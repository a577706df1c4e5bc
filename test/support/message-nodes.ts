/** One message node per channel, and a customer whom each of them reaches. */

type MessageNode = readonly [
  type: string,
  channel: string,
  config: Readonly<Record<string, unknown>>,
  to: string,
];

export const messageNodes: readonly MessageNode[] = [
  ['send_email', 'email', { subject: 'Hi', body: 'Hello!' }, 'c1@example.com'],
  ['send_sms', 'sms', { body: 'Hello!' }, '+43 660 1'],
  ['send_push', 'push', { subject: 'Hi', body: 'Hello!' }, 'device:1'],
  ['send_whatsapp', 'whatsapp', { body: 'Hello!' }, '+43 660 1'],
  ['send_in_app', 'in_app', { body: 'Hello!', placement: 'banner' }, 'c1'],
];

export const reachableCustomer = {
  tenant: 'T1',
  id: 'c1',
  email: 'c1@example.com',
  phone: '+43 660 1',
  properties: { push_token: 'device:1' },
};
