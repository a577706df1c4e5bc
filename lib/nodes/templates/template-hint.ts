/** What to do about a template that cannot be used. */
import { nearestName } from '../../journey/nearest-name.ts';
import { liquid } from './liquid-engine.ts';

/** @param message one of `templateProblems` */
export function templateHint(message: string): string | undefined {
  const [, filter] = /undefined filter: (\S+)/.exec(message) ?? [];
  if (filter !== undefined) return didYouMean(filter, Object.keys(liquid.filters), 'filter');
  const [, tag] = /tag "([^"]+)" not found/.exec(message) ?? [];
  if (tag !== undefined) return didYouMean(tag, Object.keys(liquid.tags), 'tag');
  if (/ not closed/.test(message)) {
    return 'Every {{ needs its }}, and every {% if %} or {% for %} its {% endif %} or {% endfor %}.';
  }
  return undefined;
}

function didYouMean(given: string, names: readonly string[], what: string): string {
  const nearest = nearestName(given, names);
  return nearest === undefined
    ? `See https://liquidjs.com/ for each ${what} there is.`
    : `Did you mean "${nearest}"?`;
}
