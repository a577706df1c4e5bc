/** A test kit for one test, closed when the test is over; tenant `T1` and customer `c1` unless said. */
import { onTestFinished } from 'vitest';
import { createTestkit, type Testkit, type TestkitOptions } from '../../lib/testkit/testkit.ts';
import { drawGraph } from './graphs.ts';

export async function openKit(options: TestkitOptions = {}): Promise<Testkit> {
  const kit = await createTestkit(options);
  onTestFinished(() => kit.close());
  return kit;
}

type Nodes = Parameters<typeof drawGraph>[0];

/** Publishes journey `J`, drawn in few words, and enrols c1, who has an address. */
export async function enrolled(
  kit: Testkit,
  nodes: Nodes,
  edges: readonly string[],
): Promise<string> {
  await kit.publish({ tenant: 'T1', journey: 'J', graph: drawGraph(nodes, edges) });
  await kit.customer({ tenant: 'T1', id: 'c1', email: 'c1@example.com' });
  const { instance } = await kit.enroll({ tenant: 'T1', journey: 'J', customer: 'c1' });
  await kit.settle();
  return instance;
}

export const entry: Nodes[string] = ['event_entry', { event_type: 'go' }];
export const mail: Nodes[string] = ['send_email', { subject: 'Hello', body: 'Hello!' }];
export const exit: Nodes[string] = ['exit'];
