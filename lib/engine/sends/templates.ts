/** The tenant's library of message templates. */
import { isDeepStrictEqual } from 'node:util';
import type { ChannelName } from '../../journey/channel-name.ts';
import { KalciferError, type Problem } from '../../kalcifer-error.ts';
import type { Template } from '../../nodes/node-type.ts';
import { checkIds } from '../check-input.ts';
import type { EngineContext } from '../engine-context.ts';
import { readPartition } from '../read-pages.ts';
import { keys, templatesPk } from '../records/keys.ts';
import { templateItem, templateOf } from '../records/template.ts';
import { checkTemplate } from './template-checks.ts';

/** A template as somebody wrote it: the channel may be any word. */
export interface WrittenTemplate extends Omit<Template, 'channel'> {
  readonly channel?: string;
}

/** Whose template, and which. */
export interface TemplateOf {
  readonly tenant: string;
  readonly template: string;
}

/**
 * Keeps the template, in place of the one before; messages that are rendered from now on use it. One that is kept already is not
 * written again.
 *
 * @throws KalciferError `input.invalid`; `template.invalid` with every problem of its texts, each with its line
 */
export async function saveTemplate(
  ctx: Pick<EngineContext, 'table' | 'clock'>,
  request: { readonly tenant: string; readonly template: WrittenTemplate },
): Promise<Template> {
  const { tenant, template } = request;
  checkIds({ tenant, template: template.id });
  const problems = checkTemplate(template);
  if (problems.length > 0) throw invalidTemplate(template.id, problems);
  const { channel, ...texts } = template;
  const checked: Template =
    channel === undefined ? texts : { ...texts, channel: channel as ChannelName };
  const kept = await readTemplateIfThere(ctx, { tenant, template: template.id });
  if (kept !== undefined && isDeepStrictEqual(kept, checked)) return checked;
  await ctx.table.write({
    name: 'template.save',
    writes: [{ put: templateItem(tenant, checked, ctx.clock.now()) }],
  });
  return checked;
}

/** @throws KalciferError `template.unknown` */
export async function readTemplate(
  ctx: Pick<EngineContext, 'table'>,
  of: TemplateOf,
): Promise<Template> {
  const template = await readTemplateIfThere(ctx, of);
  if (template === undefined) throw unknownTemplate(of.template);
  return template;
}

export async function readTemplateIfThere(
  ctx: Pick<EngineContext, 'table'>,
  { tenant, template }: TemplateOf,
): Promise<Template | undefined> {
  const item = await ctx.table.get(keys.template(tenant, template));
  return item === undefined ? undefined : templateOf(item);
}

/** In order of their ids. */
export async function listTemplates(
  ctx: Pick<EngineContext, 'table'>,
  tenant: string,
): Promise<readonly Template[]> {
  const templates: Template[] = [];
  for await (const item of readPartition(ctx.table, { pk: templatesPk(tenant) })) {
    templates.push(templateOf(item));
  }
  return templates;
}

/**
 * Forgets the template. A journey that still uses it fails those customers who get that far, and cannot be published again.
 *
 * @throws KalciferError `template.unknown`
 */
export async function deleteTemplate(
  ctx: Pick<EngineContext, 'table'>,
  { tenant, template }: TemplateOf,
): Promise<void> {
  const answer = await ctx.table.write({
    name: 'template.delete',
    writes: [{ delete: keys.template(tenant, template), if: 'present' }],
  });
  if (!answer.done) throw unknownTemplate(template);
}

function invalidTemplate(id: string, problems: readonly Problem[]): KalciferError {
  const [first] = problems;
  const more = problems.length > 1 ? `, and ${problems.length - 1} more` : '';
  return new KalciferError(
    'template.invalid',
    `Template "${id}" cannot be used: ${first?.message ?? ''}${more}.`,
    { problems },
  );
}

function unknownTemplate(id: string): KalciferError {
  return new KalciferError('template.unknown', `There is no template "${id}".`);
}
