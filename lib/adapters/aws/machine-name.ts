/** How a state machine that is made at run time is called, and what is written on it. */
import { createHash } from 'node:crypto';
import type { MachineRef } from '../../ports/executions.ts';

const nameCharactersMax = 80;
const hashCharacters = 12;

/** `kalcifer-dev-` and version 3 of the journey `Sommer Sale` -> `kalcifer-dev-Sommer-Sale-v3-0f3c9a71b2d4` */
export function machineName(
  prefix: string,
  { tenant, journey, version }: MachineRef,
  definition: string,
): string {
  const digest = createHash('sha256').update(
    JSON.stringify([tenant, journey, version, definition]),
  );
  const end = `v${version}-${digest.digest('hex').slice(0, hashCharacters)}`;
  const room = nameCharactersMax - prefix.length - end.length - 1;
  // For those who read the list of machines; what tells them apart is the hash.
  const readable = journey
    .replace(/[^A-Za-z0-9_]+/g, '-')
    .slice(0, Math.max(0, room))
    .replace(/^-+|-+$/g, '');
  return prefix + (readable === '' ? end : `${readable}-${end}`);
}

export function machineTags({
  tenant,
  journey,
  version,
}: MachineRef): { key: string; value: string }[] {
  return [
    { key: 'kalcifer:tenant', value: tagValue(tenant) },
    { key: 'kalcifer:journey', value: tagValue(journey) },
    { key: 'kalcifer:version', value: String(version) },
  ];
}

const tagCharactersMax = 256;

/** Tags are for people and bills; what AWS does not take in one becomes a line. */
function tagValue(id: string): string {
  return id.replace(/[^\p{L}\p{Z}\p{N}_.:/=+\-@]/gu, '_').slice(0, tagCharactersMax);
}
