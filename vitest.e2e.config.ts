/** End-to-end tests: `npm run test:e2e`. They share one deployment; what changes a deployment has one of its own. */
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/e2e/**/*.e2e.ts'],
    // The clients warn on Node 20 that later releases of theirs will not run on it; ours are pinned.
    env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
    globalSetup: ['test/e2e/support/global-setup.ts'],
    setupFiles: ['test/support/property-runs.ts'],
    // Waiting is most of what they do.
    maxWorkers: 4,
    maxConcurrency: 6,
    testTimeout: 120_000,
    hookTimeout: 240_000,
    reporters: ['default', ['json', { outputFile: 'reports/run/e2e.json' }]],
  },
});
