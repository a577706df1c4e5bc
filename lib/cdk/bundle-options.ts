/** How a function becomes one file that needs nothing beside it, on AWS and on an emulator. */
import type { BuildOptions } from 'esbuild';

export const bundleOptions = {
  bundle: true,
  platform: 'node',
  // Emulators run the Node that they find, which is older than the one on Lambda.
  target: 'node20',
  format: 'esm',
  outExtension: { '.js': '.mjs' },
  mainFields: ['module', 'main'],
  // Packages in the older format ask for `require`, which such a bundle does not have by itself.
  banner: {
    js: "import { createRequire as kalciferRequire } from 'node:module';const require = kalciferRequire(import.meta.url);",
  },
  // The interpreter of custom code.
  loader: { '.wasm': 'base64' },
  // Names stay: a stack in the log can be read, and no source map has to be carried along.
  minifyWhitespace: true,
  minifySyntax: true,
  legalComments: 'none',
  logLevel: 'error',
} as const satisfies BuildOptions;
