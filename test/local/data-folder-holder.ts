/** A process of its own that opens a data folder, tells what came of it, and then stays. Not a test: tests start it. */
import { openDataFolder } from '../../lib/local/data-folder.ts';

const [path = ''] = process.argv.slice(2);
openDataFolder(path).then(
  () => tell('opened'),
  (error: unknown) => tell((error as { code: string }).code),
);
// Until it is told to go, or killed.
process.stdin.resume();

function tell(line: string): void {
  process.stdout.write(`${line}\n`);
}
