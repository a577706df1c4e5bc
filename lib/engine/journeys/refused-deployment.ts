/** Why a deployment is refused, in words that whoever deploys can act on. */
import { KalciferError, type Problem } from '../../kalcifer-error.ts';

/** Of problems of several kinds, the first kind here is the error's code; everything else makes a graph invalid. */
const codes = ['journey.version_differs', 'journey.archived', 'journey.version_in_use'];

/** What it says does not depend on the deployment's graphs and templates alone, but on what was deployed before. */
export function isAboutEarlier({ code }: Problem): boolean {
  return codes.includes(code);
}

/** As many as a person reads in one message; `problems` has them all. */
const toldMax = 10;

export function refusedDeployment(problems: readonly Problem[]): KalciferError {
  const isGraph = !problems.every(isAboutEarlier);
  const code = codes.find((known) => problems.some((problem) => problem.code === known));
  const told = problems
    .slice(0, toldMax)
    .map(({ message, hint }) => (hint === undefined ? `${message}.` : `${message}. ${hint}`));
  const more = problems.length > toldMax ? ` And ${problems.length - toldMax} more.` : '';
  return new KalciferError(
    isGraph || code === undefined ? 'journey.invalid' : code,
    `The deployment is refused. ${told.join(' ')}${more}`,
    { problems },
  );
}
