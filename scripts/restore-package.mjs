/** After packing: package.json is again what is in the repository. */
import { existsSync, renameSync } from 'node:fs';

if (existsSync('package.json.source')) renameSync('package.json.source', 'package.json');
