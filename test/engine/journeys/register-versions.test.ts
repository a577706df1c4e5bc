import { beforeEach, describe, expect, it } from 'vitest';
import type { DeployedVersion } from '../../../lib/engine/journeys/deployment-plan.ts';
import type { Registered } from '../../../lib/engine/journeys/register-tenant.ts';
import { checkVersions, registerVersions } from '../../../lib/engine/journeys/register-versions.ts';
import {
  archiveJourney,
  pauseJourney,
  resumeJourney,
} from '../../../lib/engine/journeys/change-journey.ts';
import { listVersions, readJourney, saveDraft } from '../../../lib/engine/journeys/journeys.ts';
import { publish } from '../../../lib/engine/journeys/publish.ts';
import { readMachineArn } from '../../../lib/engine/journeys/read-machine.ts';
import { enrol } from '../../../lib/engine/enrolment/enrol.ts';
import { receiveEvent } from '../../../lib/engine/events/receive-event.ts';
import { receiveWebhook } from '../../../lib/engine/events/receive-webhook.ts';
import { readInstance } from '../../../lib/engine/instances/read-instance.ts';
import { cancel } from '../../../lib/engine/instances/cancel.ts';
import { entriesPk, schedulesPk, webhooksPk } from '../../../lib/engine/records/keys.ts';
import { apiHarness, type ApiHarness } from '../../support/api-harness.ts';
import { drawGraph, waitJourney, type DrawnJson } from '../../support/graphs.ts';

let h: ApiHarness;

beforeEach(async () => {
  h = await apiHarness();
});

const T1 = { tenant: 'T1' };
const J = { ...T1, journey: 'J' };

/** A journey that somebody stays in, whose versions differ in what opens them. */
function opensOn(eventType: string): DrawnJson {
  return drawGraph(
    {
      in: ['event_entry', { event_type: eventType }],
      wait: ['wait', { duration: '1d' }],
      out: ['exit'],
    },
    ['in -> wait', 'wait -> out'],
  );
}

function deployed(
  journey: string,
  version: number,
  graph: unknown = opensOn(`go${version}`),
): DeployedVersion {
  return { journey, version, graph, machineArn: `arn:${journey}:${version}` };
}

const v1 = deployed('J', 1);
const v2 = deployed('J', 2);

/** Time passes while it looks again. Answers what was changed for the first tenant. */
async function register(
  versions: readonly DeployedVersion[],
  tenants: readonly string[] = ['T1'],
): Promise<Omit<Registered, 'tenant'>> {
  const state = { isOver: false };
  const registering = registerVersions(h.ctx, { tenants, versions }).finally(() => {
    state.isOver = true;
  });
  registering.catch(() => undefined);
  while (!state.isOver) {
    await new Promise((resolve) => setImmediate(resolve));
    const next = h.clock.nextAlarm();
    if (next !== undefined && next <= h.clock.now() + 5_000) h.clock.moveTo(next);
  }
  const registered = (await registering).find(({ tenant }) => tenant === (tenants[0] ?? 'T1'));
  if (registered === undefined) throw new Error('the tenant was passed over');
  const { tenant: _tenant, ...changed } = registered;
  return changed;
}

async function enrolledBy(type: string, customer = 'c1'): Promise<readonly string[]> {
  const { enrolled } = await receiveEvent(h.ctx, { ...T1, customer, type });
  await h.settle();
  return enrolled;
}

async function statuses(): Promise<Record<string, string>> {
  const versions = await listVersions(h.ctx, J);
  return Object.fromEntries(versions.map(({ version, status }) => [version, status]));
}

const nothing: Omit<Registered, 'tenant'> = { published: [], opened: [], closed: [], removed: [] };

describe('a deployment', () => {
  it('publishes each version with its number and machine, and opens the highest', async () => {
    expect(await register([v2, v1])).toEqual({
      published: [
        { journey: 'J', version: 1 },
        { journey: 'J', version: 2 },
      ],
      opened: [{ journey: 'J', version: 2 }],
      closed: [],
      removed: [],
    });
    expect(await statuses()).toEqual({ 1: 'deprecated', 2: 'published' });
    expect(await readJourney(h.ctx, J)).toMatchObject({
      status: 'active',
      activeVersion: 2,
      latestVersion: 2,
    });
    expect(await readMachineArn(h.ctx, { ...J, version: 1 })).toBe('arn:J:1');
    expect(await readMachineArn(h.ctx, { ...J, version: 2 })).toBe('arn:J:2');
    expect(await enrolledBy('go1')).toEqual([]);
    expect(await enrolledBy('go2')).toHaveLength(1);
  });

  it('that is registered again changes nothing', async () => {
    await register([v1, v2]);
    h.table.groups.length = 0;
    expect(await register([v1, v2])).toEqual(nothing);
    expect(h.table.groups).toEqual([]);
  });

  it('is the same in any order of keys, and with its defaults spelled out', async () => {
    await register([v1]);
    const { nodes, edges } = opensOn('go1');
    const graph = {
      edges,
      nodes: nodes.map((node) => Object.fromEntries(Object.entries(node).toReversed())),
    };
    const settings = { entry_cap: 'none', reentry: 'after_completion' };
    expect(await register([{ ...v1, graph, settings }])).toEqual(nothing);
  });

  it('moves a version to the machine that it names', async () => {
    await register([v1]);
    await register([{ ...v1, machineArn: 'arn:other' }]);
    expect(await readMachineArn(h.ctx, { ...J, version: 1 })).toBe('arn:other');
  });

  it('keeps what a version was published with', async () => {
    await register([{ ...v1, settings: { reentry: 'never' } }]);
    const [instance = ''] = await enrolledBy('go1');
    await cancel(h.ctx, { ...T1, instance });
    expect(await enrolledBy('go1')).toEqual([]);
  });

  it('adds a version while customers stay in the one before', async () => {
    await register([v1]);
    const [instance = ''] = await enrolledBy('go1');
    expect(await register([v1, v2])).toEqual({
      ...nothing,
      published: [{ journey: 'J', version: 2 }],
      opened: [{ journey: 'J', version: 2 }],
    });
    expect(await enrolledBy('go2', 'c2')).toHaveLength(1);
    const { body } = await h.call('GET', `/v1/instances/${instance}`);
    expect(body).toMatchObject({ version: 1, status: 'waiting' });
  });

  it('is for every tenant that it names, and for no other', async () => {
    const inT2 = { tenant: 'T2', journey: 'J' };
    await register([v1], ['T1', 'T2']);
    expect(await readMachineArn(h.ctx, { ...inT2, version: 1 })).toBe('arn:J:1');
    await register([v1], ['T1']);
    expect(await readJourney(h.ctx, inT2)).not.toHaveProperty('activeVersion');
    expect(await readJourney(h.ctx, J)).toMatchObject({ activeVersion: 1 });
  });

  it('that leaves out a tenant with customers in a journey is refused for everybody', async () => {
    await register([v1], ['T1', 'T2']);
    await enrol(h.ctx, { tenant: 'T2', journey: 'J', customer: 'c1' });
    await h.settle();
    h.table.groups.length = 0;
    await expect(register([v1, v2], ['T1'])).rejects.toMatchObject({
      code: 'journey.version_in_use',
      message: expect.stringContaining('J v1 of tenant "T2"') as string,
    });
    expect(h.table.groups).toEqual([]);
  });

  it('that cannot be is told once, however many tenants have it', async () => {
    const broken = deployed('J', 1, drawGraph({ out: ['exit'] }, []));
    const refused = register([broken], ['T1', 'T2', 'T3']);
    await expect(refused).rejects.toMatchObject({
      problems: [{ message: expect.stringMatching(/^J v1: .*entry/) as string }],
    });
  });

  it('leaves a paused journey paused', async () => {
    await register([v1]);
    await pauseJourney(h.ctx, J);
    await register([v1, v2]);
    expect(await enrolledBy('go2')).toEqual([]);
    await resumeJourney(h.ctx, J);
    expect(await enrolledBy('go2')).toHaveLength(1);
  });

  it('takes up what died half-way', async () => {
    const died = new Error('the process died');
    let writes = 1;
    const table = {
      ...h.ctx.table,
      write: (group: Parameters<typeof h.table.write>[0]) =>
        writes-- > 0 ? h.table.write(group) : Promise.reject(died),
    };
    const request = { tenants: ['T1'], versions: [v1, v2] };
    await expect(registerVersions({ ...h.ctx, table }, request)).rejects.toBe(died);
    await register([v1, v2]);
    expect(await register([v1, v2])).toEqual(nothing);
    expect(await statuses()).toEqual({ 1: 'deprecated', 2: 'published' });
  });
});

describe('a version that is deployed no more', () => {
  it('is forgotten when nobody is in it; the one before is open again', async () => {
    await register([v1, v2]);
    const [instance = ''] = await enrolledBy('go2');
    await cancel(h.ctx, { ...T1, instance });
    expect(await register([v1])).toEqual({
      ...nothing,
      opened: [{ journey: 'J', version: 1 }],
      removed: [{ journey: 'J', version: 2 }],
    });
    expect(await statuses()).toEqual({ 1: 'published', 2: 'rolled_back' });
    await expect(readMachineArn(h.ctx, { ...J, version: 2 })).rejects.toMatchObject({
      code: 'journey.version_unknown',
    });
    expect(await enrolledBy('go2')).toEqual([]);
    expect(await enrolledBy('go1')).toHaveLength(1);
  });

  it('is refused while customers are in it, in words that say what to do, and nothing changes', async () => {
    await register([v1, v2]);
    await enrolledBy('go2', 'c1');
    await enrolledBy('go2', 'c2');
    h.table.groups.length = 0;
    const refused = register([v1, deployed('K', 1, opensOn('k'))]);
    await expect(refused).rejects.toMatchObject({
      code: 'journey.version_in_use',
      message:
        'The deployment is refused. J v2 of tenant "T1" is deployed no more, but has 2 live instances. ' +
        'Put its file back, or deploy again when they have ended or are cancelled.',
    });
    expect(h.table.groups).toEqual([]);
  });

  it('tells every version that customers are in', async () => {
    await register([v1]);
    await enrolledBy('go1', 'c1');
    await register([v1, v2]);
    await enrolledBy('go2', 'c2');
    await expect(register([])).rejects.toMatchObject({
      problems: [
        { message: expect.stringContaining('J v1 of tenant "T1"') as string },
        { message: expect.stringContaining('J v2 of tenant "T1"') as string },
      ],
    });
  });

  it('is refused for a customer who was just coming in, and the older list brings everything back', async () => {
    await register([v1]);
    // Read the journey before it closes, write the instance after that.
    const table = {
      ...h.ctx.table,
      write: async (group: Parameters<typeof h.table.write>[0]) => {
        if (group.name === 'instance.enrol') await closing;
        return h.table.write(group);
      },
    };
    const entering = Promise.resolve().then(() =>
      enrol({ ...h.ctx, table }, { ...J, customer: 'c1' }),
    );
    const closing = new Promise<void>((resolve) => {
      const look = (): void => {
        if (h.table.groups.some(({ name }) => name === 'journey.close')) resolve();
        else setImmediate(look);
      };
      look();
    });
    await expect(register([])).rejects.toMatchObject({ code: 'journey.version_in_use' });
    await entering;
    expect(await enrolledBy('go1', 'c2')).toEqual([]);

    expect(await register([v1])).toEqual({ ...nothing, opened: [{ journey: 'J', version: 1 }] });
    expect(await enrolledBy('go1', 'c2')).toHaveLength(1);
    expect(await statuses()).toEqual({ 1: 'published' });
  });

  it('leaves its number to another graph also where somebody tried to come into it', async () => {
    await register([v1]);
    await enrolledBy('go1', 'c1');
    await register([v1, v2]);
    expect(await enrolledBy('go2', 'c1')).toEqual([]);
    await register([v1]);
    const other = drawGraph({ start: ['event_entry', { event_type: 'go2' }], out: ['exit'] }, [
      'start -> out',
    ]);
    await register([v1, deployed('J', 2, other)]);
    const [instance = ''] = await enrolledBy('go2', 'c2');
    expect(await readInstance(h.ctx, { ...T1, instance })).toMatchObject({
      version: 2,
      entry: 'start',
      status: 'completed',
    });
  });

  it('that nobody ever was in leaves its number to another graph', async () => {
    await register([v1, v2]);
    await register([v1]);
    expect(await statuses()).toEqual({ 1: 'published' });
    await register([v1, deployed('J', 2, opensOn('corrected'))]);
    expect(await enrolledBy('corrected')).toHaveLength(1);
  });

  it('comes back with the list that has it', async () => {
    await register([v1, v2]);
    const [instance = ''] = await enrolledBy('go2');
    await cancel(h.ctx, { ...T1, instance });
    await register([v1]);
    expect(await register([v1, v2])).toEqual({
      ...nothing,
      opened: [{ journey: 'J', version: 2 }],
    });
    expect(await statuses()).toEqual({ 1: 'deprecated', 2: 'published' });
    expect(await enrolledBy('go2', 'c2')).toHaveLength(1);
  });
});

describe('a journey that is deployed no more', () => {
  const everyEntry = drawGraph(
    {
      a: ['event_entry', { event_type: 'go' }],
      b: ['webhook_entry', { webhook_path: '/b' }],
      c: ['segment_entry', { segment_id: 's', schedule: '0 9 * * *' }],
      out: ['exit'],
    },
    ['a -> out', 'b -> out', 'c -> out'],
  );

  async function rows(): Promise<number> {
    const pages = await Promise.all(
      [entriesPk('T1'), webhooksPk('T1'), schedulesPk].map((pk) =>
        h.table.query({ pk, limit: 10 }),
      ),
    );
    return pages.flatMap(({ items }) => items).length;
  }

  beforeEach(async () => {
    const rule = { field: 'customer.properties.vip', op: 'eq', value: true };
    expect((await h.call('PUT', '/v1/segments/s', { rule })).status).toBe(200);
  });

  it('takes nobody in, by any entry', async () => {
    await register([deployed('J', 1, everyEntry)]);
    expect(await rows()).toBe(4);
    expect(await register([])).toEqual({
      ...nothing,
      closed: ['J'],
      removed: [{ journey: 'J', version: 1 }],
    });
    expect(await rows()).toBe(0);
    await expect(enrol(h.ctx, { ...J, customer: 'c1' })).rejects.toMatchObject({
      code: 'journey.not_active',
    });
    expect(await register([])).toEqual(nothing);
  });

  it('opens again when it is deployed again, unless it is paused', async () => {
    await register([v1]);
    await pauseJourney(h.ctx, J);
    await register([]);
    await register([v1]);
    expect(await enrolledBy('go1')).toEqual([]);
    await resumeJourney(h.ctx, J);
    expect(await enrolledBy('go1')).toHaveLength(1);
  });

  it('gives its webhook paths to a journey of the same deployment', async () => {
    const answers = drawGraph({ in: ['webhook_entry', { webhook_path: '/b' }], out: ['exit'] }, [
      'in -> out',
    ]);
    await register([deployed('J', 1, answers)]);
    await register([deployed('K', 1, answers)]);
    const call = { ...T1, path: '/b', body: '', customer: 'c1' };
    expect(await receiveWebhook(h.ctx, call)).toMatchObject({ repeated: false });
    expect(await readJourney(h.ctx, { ...T1, journey: 'K' })).toMatchObject({ activeVersion: 1 });
  });
});

describe('what was published through the API', () => {
  it('is left alone', async () => {
    await publish(h.ctx, { ...T1, journey: 'K', graph: waitJourney() });
    await register([v1]);
    await register([]);
    expect(await readJourney(h.ctx, { ...T1, journey: 'K' })).toMatchObject({ activeVersion: 1 });
  });

  it('stays open above the versions that are deployed, until a deployment goes higher', async () => {
    await register([v1]);
    await publish(h.ctx, { ...J, graph: opensOn('api') });
    await register([v1]);
    expect(await enrolledBy('api', 'c1')).toHaveLength(1);
    await register([v1, deployed('J', 3)]);
    expect(await enrolledBy('go3', 'c2')).toHaveLength(1);
    expect(await statuses()).toEqual({ 1: 'deprecated', 2: 'deprecated', 3: 'published' });
    await register([v1, deployed('J', 3)]);
    expect(await readJourney(h.ctx, J)).toMatchObject({ activeVersion: 3 });
  });

  it('cannot have the number of a deployed version, unless it is the same', async () => {
    await publish(h.ctx, { ...J, graph: opensOn('go1') });
    expect(await register([v1])).toEqual(nothing);
    expect(await readMachineArn(h.ctx, { ...J, version: 1 })).toBe('arn:J:1');
    await publish(h.ctx, { ...J, graph: opensOn('api') });
    await expect(register([v1, v2])).rejects.toMatchObject({ code: 'journey.version_differs' });
  });

  it('gives way as a draft: it moves up to the next number', async () => {
    await register([v1]);
    const draft = opensOn('drafted');
    await saveDraft(h.ctx, { ...J, graph: { ...draft } as never });
    await register([v1, v2]);
    expect(await statuses()).toEqual({ 1: 'deprecated', 2: 'published', 3: 'draft' });
    await publish(h.ctx, J);
    expect(await enrolledBy('drafted')).toHaveLength(1);
    expect(await readJourney(h.ctx, J)).toMatchObject({ activeVersion: 3 });
  });
});

describe('a deployment that cannot be', () => {
  it('is refused with every problem of every version, before anything is written', async () => {
    await register([v1]);
    h.table.groups.length = 0;
    const noEntry = drawGraph({ out: ['exit'] }, []);
    const unknownTemplate = drawGraph(
      { in: ['event_entry', { event_type: 'k' }], mail: ['send_email', { template_id: 'none' }] },
      ['in -> mail'],
    );
    const refused = register([
      { ...v1, graph: opensOn('changed') },
      deployed('J', 2, noEntry),
      deployed('K', 1, unknownTemplate),
    ]);
    await expect(refused).rejects.toMatchObject({
      code: 'journey.invalid',
      problems: expect.arrayContaining([
        expect.objectContaining({
          code: 'journey.version_differs',
          message: expect.stringMatching(/^J v1: another graph/) as string,
        }),
        expect.objectContaining({ message: expect.stringMatching(/^J v2: .*entry/) as string }),
        expect.objectContaining({
          node: 'mail',
          message: expect.stringMatching(/^K v1: .*none/) as string,
        }),
      ]) as object,
    });
    expect(h.table.groups).toEqual([]);
  });

  it('says to take the next number for a changed graph', async () => {
    await register([v1]);
    await expect(register([{ ...v1, graph: opensOn('changed') }])).rejects.toMatchObject({
      code: 'journey.version_differs',
      message: expect.stringContaining('next number') as string,
    });
    await expect(register([{ ...v1, settings: { reentry: 'never' } }])).rejects.toMatchObject({
      code: 'journey.version_differs',
    });
  });

  it('may have an old version whose template is gone: nobody comes into it', async () => {
    const mails = drawGraph(
      { in: ['event_entry', { event_type: 'old' }], mail: ['send_email', { template_id: 'gone' }] },
      ['in -> mail'],
    );
    await register([deployed('J', 1, mails), v2]);
    expect(await statuses()).toEqual({ 1: 'deprecated', 2: 'published' });
    await expect(register([deployed('J', 1, mails)])).rejects.toMatchObject({
      code: 'journey.invalid',
    });
  });

  it('gives no new version to an archived journey, and leaves it as it is', async () => {
    await register([v1]);
    await archiveJourney(h.ctx, J);
    expect(await register([v1])).toEqual(nothing);
    await expect(register([v1, v2])).rejects.toMatchObject({ code: 'journey.archived' });
    expect(await register([])).toMatchObject({ removed: [{ journey: 'J', version: 1 }] });
    expect(await readJourney(h.ctx, J)).toMatchObject({ status: 'archived' });
  });

  it('is refused for what is no version at all', async () => {
    const odd = { ...v1, version: 0.5, journey: ' ', machineArn: '', settings: null };
    await expect(
      registerVersions(h.ctx, { tenants: [''], versions: [odd as never, v1, v1] }),
    ).rejects.toMatchObject({
      code: 'input.invalid',
      message:
        'tenants[0] is blank; versions[0].journey is blank; versions[0].machineArn must be a text; ' +
        'versions[0].version must be a whole number from 1 to 999999; versions[0].settings must be an object; ' +
        'versions[2] is the same version as versions[1].',
    });
  });
});

describe('asking before anything is deployed', () => {
  it.each([
    ['a version that was changed', [{ ...v1, graph: opensOn('changed') }], 'version_differs'],
    ['a version that is gone while customers are in it', [v2], 'version_in_use'],
  ])('refuses %s, and changes nothing', async (_what, versions, code) => {
    await register([v1]);
    await enrolledBy('go1');
    h.table.groups.length = 0;
    await expect(checkVersions(h.ctx, { tenants: ['T1'], versions })).rejects.toMatchObject({
      code: `journey.${code}`,
    });
    expect(h.table.groups).toEqual([]);
  });

  it('leaves to registering what templates of the same deployment can still mend', async () => {
    const mails = drawGraph(
      { in: ['event_entry', { event_type: 'k' }], mail: ['send_email', { template_id: 'new' }] },
      ['in -> mail'],
    );
    const versions = [v1, deployed('K', 1, mails)];
    await expect(checkVersions(h.ctx, { tenants: ['T1'], versions })).resolves.toBeUndefined();
    await expect(register(versions)).rejects.toMatchObject({ code: 'journey.invalid' });
  });
});
