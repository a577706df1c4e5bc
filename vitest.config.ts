import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/temporary-folder.ts', 'test/support/count-property-inputs.ts'],
    setupFiles: ['test/support/property-runs.ts'],
    // Nothing is judged by its time: the limit only ends what hangs, and leaves properties the time to say what they found.
    testTimeout: 300_000,
    hookTimeout: 120_000,
    // All cores: left alone, it keeps one free, which is half of a machine with two.
    maxWorkers: '100%',
    reporters: ['default', ['json', { outputFile: 'reports/run/tests.json' }]],
    coverage: {
      provider: 'v8',
      include: ['lib/**/*.ts', 'lambdas/**/*.ts'],
      reportsDirectory: 'coverage',
      reporter: ['text-summary', 'json-summary', 'html'],
      thresholds: { lines: 90 },
    },
  },
});
