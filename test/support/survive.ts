/** For tests in which the process may die at any point. */
import type { Testkit } from '../../lib/testkit/testkit.ts';

/** Goes on after each death, as a caller and an operator would; answers how often the process died. */
export async function survive(kit: Testkit, call: () => Promise<unknown>): Promise<number> {
  for (let deaths = 0; deaths < 20; deaths++) {
    try {
      await call();
      return deaths;
    } catch (error) {
      const { code } = error as { code?: string };
      if (code === 'instance.already_in_journey') return deaths;
      if (code !== 'testkit.killed') throw error;
      await kit.restart();
    }
  }
  throw new Error('the process keeps dying');
}
