/** Segments as callers save, read and delete them. A rule that is refused changes nothing. */
import { parseSegmentRule } from '../../journey/parse-rule.ts';
import { pathText } from '../../journey/schema-problems.ts';
import { KalciferError, type Problem } from '../../kalcifer-error.ts';
import { checkIds } from '../check-input.ts';
import type { EngineContext } from '../engine-context.ts';
import { forgetFollowedSegments } from './followed-segments.ts';
import { lookAgain } from '../look-again.ts';
import { readPartition } from '../read-pages.ts';
import { keys, segmentsPk } from '../records/keys.ts';
import { segmentItem, segmentOf, type Segment } from '../records/segment.ts';
import { journeysThatNeed } from './segment-users.ts';

export interface SegmentRequest {
  readonly tenant: string;
  readonly segment: string;
  readonly name?: string;
  /** As it was drawn: `{ "field": "customer.properties.plan", "value": "pro" }`. */
  readonly rule: unknown;
}

interface Of {
  readonly tenant: string;
  readonly segment: string;
}

/**
 * Creates the segment or replaces its rule and name. Customers whom a wider rule takes in come into journeys when they are next
 * looked at.
 *
 * @throws KalciferError `input.invalid`; `segment.invalid` with every problem of the rule
 */
export async function saveSegment(ctx: EngineContext, request: SegmentRequest): Promise<Segment> {
  const { tenant, segment: id, name } = request;
  checkIds({ tenant, segment: id });
  const parsed = parseSegmentRule(request.rule);
  const problems = [
    ...nameProblems(name),
    ...('problems' in parsed ? parsed.problems.map(ruleProblem) : []),
  ];
  if (problems.length > 0 || 'problems' in parsed) throw invalidSegment(id, problems);

  const saved = await lookAgain(async () => {
    const item = await ctx.table.get(keys.segment(tenant, id));
    const before = item === undefined ? undefined : segmentOf(tenant, item);
    const now = ctx.clock.now();
    const after: Segment = {
      tenant,
      id,
      ...(name === undefined ? {} : { name }),
      rule: parsed.rule,
      revision: (before?.revision ?? 0) + 1,
      usedBy: before?.usedBy ?? [],
      isFollowed: before?.isFollowed ?? false,
      createdAt: before?.createdAt ?? now,
      changedAt: now,
    };
    const answer = await ctx.table.write({
      name: 'segment.save',
      writes: [
        {
          put: segmentItem(after),
          if: before === undefined ? 'absent' : { revision: before.revision },
        },
        { put: { ...keys.tenant(tenant) } },
      ],
    });
    return answer.done ? after : 'conflict';
  });
  forgetFollowedSegments(ctx, tenant);
  return saved;
}

/** @throws KalciferError `segment.unknown`, also for a segment of another tenant */
export async function readSegment(ctx: EngineContext, of: Of): Promise<Segment> {
  const item = await ctx.table.get(keys.segment(of.tenant, of.segment));
  if (item === undefined) throw segmentUnknown(of.segment);
  return segmentOf(of.tenant, item);
}

/** In order of their ids. */
export async function listSegments(
  ctx: EngineContext,
  tenant: string,
): Promise<readonly Segment[]> {
  const segments: Segment[] = [];
  for await (const item of readPartition(ctx.table, { pk: segmentsPk(tenant) })) {
    segments.push(segmentOf(tenant, item));
  }
  return segments;
}

/**
 * @throws KalciferError `segment.unknown`; `segment.in_use` while a journey may still ask for it: new entries of a journey use it,
 *   or somebody is on a version that does
 */
export async function deleteSegment(ctx: EngineContext, of: Of): Promise<void> {
  await lookAgain(async () => {
    const segment = await readSegment(ctx, of);
    const journeys = await journeysThatNeed(ctx, segment);
    if (journeys.length > 0) {
      throw new KalciferError(
        'segment.in_use',
        `Segment "${of.segment}" is used by ${journeys.map((id) => `"${id}"`).join(', ')}.`,
        { data: { journeys } },
      );
    }
    const answer = await ctx.table.write({
      name: 'segment.delete',
      writes: [{ delete: keys.segment(of.tenant, of.segment), if: { revision: segment.revision } }],
    });
    return answer.done ? 'deleted' : 'conflict';
  });
  forgetFollowedSegments(ctx, of.tenant);
}

function ruleProblem({
  path,
  message,
}: {
  readonly path: readonly (string | number)[];
  readonly message: string;
}): Problem {
  const place = pathText('rule', path);
  return { code: 'segment.rule', path: place, message: `${place} ${message}` };
}

const nameCharactersMax = 200;

function nameProblems(name: unknown): readonly Problem[] {
  if (name === undefined) return [];
  const fits = typeof name === 'string' && name.trim() !== '' && name.length <= nameCharactersMax;
  if (fits) return [];
  const message = `name must be a text of 1 to ${nameCharactersMax} characters`;
  return [{ code: 'segment.name', path: 'name', message }];
}

function invalidSegment(id: string, problems: readonly Problem[]): KalciferError {
  const told = problems.map(({ message }) => message).join('; ');
  return new KalciferError('segment.invalid', `Segment "${id}" is refused: ${told}.`, { problems });
}

function segmentUnknown(segment: string): KalciferError {
  return new KalciferError('segment.unknown', `There is no segment "${segment}".`);
}
