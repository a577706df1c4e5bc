/** A journey and its versions. A version's graph never changes once it is published; numbers start at 1 and grow by 1. */
import type { JourneySettings } from '../../journey/journey-settings.ts';
import type { Json, JsonObject } from '../../json.ts';
import type { JourneyStatus } from '../../journey/journey-lifecycle.ts';
import type { Item } from '../../ports/table.ts';
import { keyParts, keys } from './keys.ts';

export interface Journey {
  readonly tenant: string;
  readonly id: string;
  readonly status: JourneyStatus;
  /** The version that new entries use; absent until something is published, and while none is deployed. */
  readonly activeVersion?: number;
  /** The highest number given so far. */
  readonly latestVersion: number;
  readonly revision: number;
  /** Epoch milliseconds. */
  readonly createdAt: number;
}

type VersionStatus = 'draft' | 'published' | 'deprecated' | 'rolled_back';

export interface JourneyVersion {
  readonly tenant: string;
  readonly journey: string;
  readonly version: number;
  readonly status: VersionStatus;
  /** As it was drawn. */
  readonly graph: JsonObject;
  /** What it was published with; absent means the defaults. */
  readonly settings?: JourneySettings;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  readonly publishedAt?: number;
}

export function journeyItem(journey: Journey): Item {
  const { tenant, id, ...rest } = journey;
  return { ...keys.journey(tenant, id), ...rest };
}

export function journeyOf(tenant: string, item: Item): Journey {
  const { pk: _pk, sk, ...rest } = item;
  const [id] = keyParts(sk);
  return { ...rest, tenant, id } as unknown as Journey;
}

export function versionItem(version: JourneyVersion): Item {
  const { tenant, journey, version: number, ...rest } = version;
  return { ...keys.version(tenant, journey, number), ...(rest as unknown as Record<string, Json>) };
}

export function versionOf(tenant: string, journey: string, item: Item): JourneyVersion {
  const { pk: _pk, sk, ...rest } = item;
  const [, number] = keyParts(sk);
  return { ...rest, tenant, journey, version: Number(number) } as unknown as JourneyVersion;
}

/** The state machine of a version: running executions follow it to the end, so it stays as it was when it was published. */
export interface VersionMachine {
  readonly tenant: string;
  readonly journey: string;
  readonly version: number;
  /** The text, where the executor runs it from the table. */
  readonly definition?: string;
  /** Where Step Functions has it. The text may be larger than a row: it is not kept twice. */
  readonly arn?: string;
  /** Came with a deployment, and goes when a later one has it no more. */
  readonly deployed?: true;
}

export function machineItem({ tenant, journey, version, ...rest }: VersionMachine): Item {
  return { ...keys.machine(tenant, journey, version), ...rest };
}

export function machineOf(tenant: string, journey: string, item: Item): VersionMachine {
  const { pk: _pk, sk, ...rest } = item;
  const [, number] = keyParts(sk);
  return { ...rest, tenant, journey, version: Number(number) };
}
