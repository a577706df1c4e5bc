/** The HTTP API behind API Gateway: the same app that the embedded runtime serves. */
import type { APIGatewayProxyResult } from 'aws-lambda';
import { createApi } from '../../lib/api/app.ts';
import type { EngineContext } from '../../lib/engine/engine-context.ts';
import { customCode } from '../_shared/custom-code.ts';
import { knownChannels } from '../_shared/deployed-channels.ts';
import { door, type Handler } from '../_shared/door.ts';
import { engine } from '../_shared/engine.ts';
import { madeMachines } from '../_shared/made-machines.ts';
import { namedError } from '../_shared/named-error.ts';
import { queuedStarts } from '../_shared/queued-starts.ts';
import { findSetting } from '../_shared/read-setting.ts';
import { input } from './input.ts';
import { proxyResult, requestOf } from './proxy-request.ts';

export const handler = serveApi(engine(queuedStarts, knownChannels, customCode, madeMachines));

export function serveApi(ctx: () => EngineContext): Handler<APIGatewayProxyResult> {
  let made: ReturnType<typeof createApi> | undefined;
  return door({
    input,
    work: async (event) => {
      made ??= createApi({
        ctx: ctx(),
        release: findSetting('release') ?? 'unknown',
        report: namedError,
      });
      return proxyResult(await made.fetch(requestOf(event)));
    },
  });
}
