/** Shows what became of the simulated customers: node by node, as a funnel, and one of them step by step with the reasons. */
import { paint } from '../terminal/paint.ts';
import { spell } from '../terminal/spell-duration.ts';
import { behaviour } from './behaviour.ts';
import type { NodeCount, Simulation } from './simulate.ts';

type Say = (line?: string) => void;

export function tellSimulation(simulation: Simulation, say: Say): void {
  say();
  tellBehaviour(say);
  tellNodes(simulation, say);
  tellFunnel(simulation, say);
  tellExample(simulation, say);
  const { customers, days, events, routed, tookMs } = simulation;
  say(paint('bold', 'Effort'));
  say(
    `  ${days} days of ${customers} customers took ${(tookMs / 1000).toFixed(1)} s: ${events} events, ${routed} of them ended a wait, ${Math.round(events / (tookMs / 1000))} events/s on the virtual clock`,
  );
}

function tellBehaviour(say: Say): void {
  const opens = Object.entries(behaviour.opens).map(
    ([template, likely]) => `${template} ${percent(likely, 1)}`,
  );
  say(paint('bold', 'Assumed behaviour'));
  say(`  sign-ups evenly over the first ${behaviour.signUpDays} days`);
  say(
    `  mails ever opened: ${opens.join(', ')}; half of them within ${spell(behaviour.openHalfLifeMs)}`,
  );
  say();
}

function tellNodes({ nodes }: Simulation, say: Say): void {
  const width = Math.max(...nodes.map(({ node }) => node.length));
  say(paint('bold', 'Steps by node'));
  for (const { node, type, steps, branches } of nodes) {
    const taken = [...branches].map(([branch, count]) => `${branch} ${count}`).join(', ');
    const shown = `${node.padEnd(width)}  ${type.padEnd(15)} ${String(steps).padStart(6)}`;
    say(`  ${shown}  ${paint('dim', taken)}`.trimEnd());
  }
  say();
}

function tellFunnel(
  { nodes, sends, statuses, conversions, customers }: Simulation,
  say: Say,
): void {
  const entered = stepsAt(nodes, 'signed_up');
  const rows: readonly (readonly [string, number])[] = [
    ['signed up', entered],
    ['got the welcome mail', sends.get('welcome') ?? 0],
    ['got the reminder', sends.get('welcome-reminder') ?? 0],
    ['activated', conversions],
    ['gave up', stepsAt(nodes, 'gave_up')],
  ];
  say(paint('bold', 'Funnel'));
  for (const [what, count] of rows) {
    const bar = '#'.repeat(Math.round((count / customers) * 40));
    say(
      `  ${what.padEnd(22)} ${String(count).padStart(6)}  ${percent(count, entered).padStart(4)}  ${paint('cyan', bar)}`,
    );
  }
  const mails = [...sends.values()].reduce((sum, count) => sum + count, 0);
  say(
    `  ${mails} mails; instances: ${[...statuses].map(([status, count]) => `${count} ${status}`).join(', ')}`,
  );
  say();
}

function tellExample({ example }: Simulation, say: Say): void {
  const [first] = example.steps;
  if (first === undefined) return;
  say(paint('bold', `One of them: ${example.customer}`));
  for (const { node, startedAt, endedAt, reason } of example.steps) {
    const day = spell(Date.parse(startedAt) - Date.parse(first.startedAt));
    const took = endedAt === undefined ? '' : Date.parse(endedAt) - Date.parse(startedAt);
    const waited = typeof took === 'number' && took > 0 ? `after ${spell(took)}` : '';
    const why = [waited, reason].filter((part) => part !== '').join(': ');
    say(`  ${paint('dim', `+${day}`.padStart(9))}  ${node.padEnd(16)} ${why}`);
  }
  say();
}

function stepsAt(nodes: readonly NodeCount[], node: string): number {
  return nodes.find((counted) => counted.node === node)?.steps ?? 0;
}

function percent(part: number, whole: number): string {
  return whole === 0 ? '-' : `${Math.round((part / whole) * 100)}%`;
}
