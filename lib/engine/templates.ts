/** The tenant's library of message templates. */
import { KalciferError, type Problem } from '../kalcifer-error.ts';
import type { Template } from '../nodes/node-type.ts';
import { templateProblems } from '../nodes/template.ts';
import { checkIds } from './check-input.ts';
import type { EngineContext } from './engine-context.ts';
import { keys } from './records/keys.ts';

/** @throws KalciferError `template.invalid` when a text is not Liquid that we can render */
export async function saveTemplate(
  ctx: EngineContext,
  request: { readonly tenant: string; readonly template: Template },
): Promise<void> {
  const { tenant, template } = request;
  checkIds({ tenant, template: template.id });
  const problems = [
    ...textProblems('subject', template.subject),
    ...textProblems('body', template.body),
  ];
  if (problems.length > 0) {
    throw new KalciferError('template.invalid', `Template "${template.id}" cannot be rendered.`, {
      problems,
    });
  }
  const { id, subject, body } = template;
  await ctx.table.write({
    name: 'template.save',
    writes: [
      {
        put: {
          ...keys.template(tenant, id),
          body,
          ...(subject === undefined ? {} : { subject }),
        },
      },
    ],
  });
}

function textProblems(path: string, text: string | undefined): readonly Problem[] {
  return templateProblems(text ?? '').map((message) => ({
    code: 'template.text',
    path,
    message: `the ${path} ${message}`,
  }));
}
