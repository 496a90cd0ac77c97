import type { Log } from '../../lib/ports.ts';
import { createLog, type LogLine } from '../log.ts';

export type Say = (line: string) => void;

/** What of the deployer's log is said: nothing while it starts, stages during the tour, outcomes too when the tour is over. */
export type Scope = 'nothing' | 'stages' | 'everything';

export type Narrator = { readonly log: Log; tell(scope: Scope): void };

const STAGES: Readonly<Record<string, string>> = { resolve: 'fetch commit', 'apply:0': 'apply' };

/** Turns the deployer's log into a line for each stage as it ends, indented under the step of the tour. */
export function createNarrator(say: Say): Narrator {
  let scope: Scope = 'nothing';
  /** First stages, kept back until it is clear that the commit concerns the application. */
  const resolved = new Map<string, string>();

  function hear({ message, fields }: LogLine): void {
    const { app, stage, ms, status, outcome } = fields;
    const name = String(app);
    if (message === 'finished stage') sayStage(name, String(stage), Number(ms));
    else if (message === 'looked at health' && status === 'waiting') sayOf(name, `waiting: ${fields['message']}`);
    else if (message === 'looked at health' && status === 'healthy') sayOf(name, 'healthy');
    else if (message === 'ended operation') {
      resolved.delete(name);
      if (scope === 'everything') sayOf(name, `${outcome}: ${fields['message']}`);
    }
  }

  function sayStage(app: string, stage: string, ms: number): void {
    const line = `${(STAGES[stage] ?? stage).padEnd(13)} ${String(ms).padStart(5)} ms`;
    if (stage === 'resolve') resolved.set(app, line);
    else {
      const first = resolved.get(app);
      resolved.delete(app);
      if (first !== undefined) sayOf(app, first);
      sayOf(app, line);
    }
  }

  function sayOf(app: string, text: string): void {
    if (scope !== 'nothing') say(`   ${app.padEnd(6)} ${text}`);
  }

  return {
    log: createLog(hear),
    tell: (next) => {
      scope = next;
    },
  };
}
