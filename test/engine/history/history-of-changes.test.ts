import { describe, expect, it } from 'vitest';
import { historyOfChanges } from '../../../lib/engine/history/history-of-changes.ts';
import { reportItem } from '../../../lib/engine/records/delivery-report.ts';
import { instanceItem } from '../../../lib/engine/records/instance.ts';
import { versionItem } from '../../../lib/engine/records/journey.ts';
import { stepItem } from '../../../lib/engine/records/step.ts';
import type { Json } from '../../../lib/json.ts';
import { KalciferError } from '../../../lib/kalcifer-error.ts';
import type { Item, Key, Table } from '../../../lib/ports/table.ts';
import { aDelivery, anInstance, aStep, aVersion } from '../../support/factories.ts';
import { simpleEmailJourney } from '../../support/graphs.ts';

const tenant = 'acme';
const journey = 'welcome';
const instance = anInstance({ tenant, id: 'i-1', journey, version: 2, customer: 'c1' });
const mail = aStep({
  tenant,
  instance: 'i-1',
  node: 'email_1',
  version: 2,
  send: aDelivery({ provider: 'ses' }),
});
const version = aVersion({
  tenant,
  journey,
  version: 2,
  graph: simpleEmailJourney() as never,
});
const bounce = reportItem({
  tenant,
  instance: 'i-1',
  node: 'email_1',
  status: 'bounced',
  reportedAt: 5,
});

/** Answers these rows and counts who asks for what. */
function rows(...items: readonly Item[]): Pick<Table, 'get'> & { readonly asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    get: ({ pk, sk }: Key) => {
      asked.push(sk);
      return Promise.resolve(items.find((item) => item.pk === pk && item.sk === sk));
    },
  };
}

describe('historyOfChanges', () => {
  it('reads what a step does not say: its journey, its customer and the type of its node', async () => {
    const table = rows(instanceItem(instance), versionItem(version));
    const [ended, settled] = await historyOfChanges(table)([{ after: stepItem(mail) }]);
    const of = { journey, customer: 'c1', version: 2, nodeType: 'send_email', node: 'email_1' };
    expect(ended).toMatchObject({ ...of, kind: 'step_ended' });
    expect(settled).toMatchObject({ ...of, kind: 'send_settled', provider: 'ses' });
    expect(table.asked).toEqual(['i', 'v#000002']);
  });

  it('asks for each instance and each version once, and for none that stands in the changes', async () => {
    const table = rows(instanceItem(instance), versionItem(version));
    const historyOf = historyOfChanges(table);
    const [one, other] = [
      aStep({ tenant, instance: 'i-1', node: 'entry_1', version: 2 }),
      aStep({ tenant, instance: 'i-2', node: 'entry_1', version: 2 }),
    ];
    const second = instanceItem({ ...instance, id: 'i-2', customer: 'c2' });
    const changes = [one, mail, other].map((step) => ({ after: stepItem(step) }));
    const history = await historyOf([...changes, { before: second, after: second }]);
    expect(history.map(({ kind, customer }) => `${kind} ${customer}`)).toEqual([
      'step_ended c1',
      'step_ended c1',
      'send_settled c1',
      'step_ended c2',
    ]);
    await historyOf(changes);
    expect(table.asked).toEqual(['i', 'v#000002']);
  });

  it('finds the version, the channel and the provider of a report in the step that it is about', async () => {
    const moved = { ...instance, version: 3 };
    const table = rows(instanceItem(moved), stepItem(mail), versionItem(version));
    expect(await historyOfChanges(table)([{ after: bounce }])).toMatchObject([
      {
        kind: 'delivery_reported',
        status: 'bounced',
        version: 2,
        channel: 'email',
        provider: 'ses',
        nodeType: 'send_email',
      },
    ]);
  });

  it('leaves out what is nobody’s any more', async () => {
    const table = rows(versionItem(version));
    const changes = [{ after: stepItem(mail) }, { after: bounce }];
    expect(await historyOfChanges(table)(changes)).toEqual([]);
  });

  it('tells facts of a version that cannot be read without the types of its nodes', async () => {
    const unreadable = versionItem({ ...version, graph: { nodes: 'none' } });
    const table = rows(instanceItem(instance), unreadable);
    const [ended] = await historyOfChanges(table)([{ after: stepItem(mail) }]);
    expect(ended).toMatchObject({ kind: 'step_ended', customer: 'c1' });
    expect(ended).not.toHaveProperty('nodeType');
  });

  it('leaves out what leads to a key that no row can have', async () => {
    const misuse = new KalciferError('table.misuse', 'The key is too long.');
    const historyOf = historyOfChanges({ get: () => Promise.reject(misuse) });
    expect(await historyOf([{ after: stepItem(mail) }])).toEqual([]);
  });

  it.each<[string, Item, Item]>([
    ['an instance without a journey', { ...instanceItem(instance), journey: null }, stepItem(mail)],
    [
      'an instance whose customer is no text',
      { ...instanceItem(instance), customer: 7 },
      stepItem(mail),
    ],
    [
      'a step whose version is no number',
      instanceItem(instance),
      { ...stepItem(mail), version: JSON.parse('{"toString":1}') as Json },
    ],
  ])('leaves out what would be told with %s', async (_what, of, step) => {
    const table = rows(of, step, versionItem(version));
    expect(await historyOfChanges(table)([{ after: step }, { after: bounce }])).toEqual([]);
  });

  it('passes on that the table does not answer, and asks again the next time', async () => {
    const table = rows(instanceItem(instance), versionItem(version));
    let isAway = true;
    const historyOf = historyOfChanges({
      get: (key) =>
        isAway
          ? Promise.reject(new KalciferError('table.unavailable', 'The table is away.'))
          : table.get(key),
    });
    const changes = [{ after: stepItem(mail) }];
    await expect(historyOf(changes)).rejects.toMatchObject({ code: 'table.unavailable' });
    isAway = false;
    expect(await historyOf(changes)).toHaveLength(2);
  });
});
