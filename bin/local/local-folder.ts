/** What the local loop keeps on disk, all of it in `.kalcifer` of the folder where it is called. */
import { join, resolve } from 'node:path';

export interface LocalFolder {
  /** MiniStack and its Python packages; kept between runs. */
  readonly ministack: string;
  /** What `up` made and `down` removes. */
  readonly state: string;
  /** For the CDK's command line, so that its memory of accounts is not mixed with that of real ones. */
  readonly cdkHome: string;
  readonly cloudAssembly: (stage: string) => string;
  readonly clickhouse: string;
  readonly outputs: (stage: string) => string;
}

export function localFolder(base = '.kalcifer'): LocalFolder {
  const state = resolve(base, 'local');
  return {
    ministack: resolve(base, 'ministack'),
    state,
    cdkHome: join(state, 'cdk-home'),
    cloudAssembly: (stage) => join(state, `cdk-${stage}.out`),
    clickhouse: join(state, 'clickhouse'),
    outputs: (stage) => join(state, `outputs-${stage}.json`),
  };
}
