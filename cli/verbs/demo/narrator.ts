import type { Log } from '../../../lib/ports/runtime.ts';
import { createLog, type LogLine } from '../../../lib/runtime/log.ts';

export type Say = (line: string) => void;

/** What of the deployer's log is said: nothing while it starts, stages during the tour, outcomes too when the tour is over. */
type Scope = 'nothing' | 'stages' | 'everything';

/** Turns the deployer's log into a line for each stage as it ends, indented under the step of the tour. */
export class Narrator {
  readonly log: Log;
  readonly #say: Say;
  #scope: Scope = 'nothing';
  /** First stages, kept back until it is clear that the commit concerns the application. */
  readonly #resolved = new Map<string, string>();

  constructor(say: Say) {
    this.#say = say;
    this.log = createLog((line) => this.#hear(line));
  }

  tell(scope: Scope): void {
    this.#scope = scope;
  }

  #hear({ message, fields }: LogLine): void {
    const app = String(fields['app']);
    if (message === 'finished stage') this.#hearStage(app, String(fields['stage']), Number(fields['ms']));
    if (message === 'checked health') this.#hearHealth(app, fields);
    if (message === 'ended operation') this.#hearEnd(app, fields);
  }

  #hearStage(app: string, stage: string, ms: number): void {
    const line = `${stage.replace(/:0$/, '').padEnd(13)} ${String(ms).padStart(5)} ms`;
    if (stage === 'resolve') this.#resolved.set(app, line);
    else this.#sayOf(app, [...this.#takeResolved(app), line]);
  }

  #hearHealth(app: string, { status, reason }: LogLine['fields']): void {
    if (status === 'healthy') this.#sayOf(app, ['healthy']);
    if (status === 'waiting') this.#sayOf(app, [`waiting: ${reason}`]);
  }

  #hearEnd(app: string, { outcome, reason }: LogLine['fields']): void {
    this.#takeResolved(app);
    if (this.#scope === 'everything') this.#sayOf(app, [`${outcome}: ${reason}`]);
  }

  #takeResolved(app: string): readonly string[] {
    const line = this.#resolved.get(app);
    this.#resolved.delete(app);
    return line === undefined ? [] : [line];
  }

  #sayOf(app: string, lines: readonly string[]): void {
    if (this.#scope === 'nothing') return;
    for (const line of lines) this.#say(`   ${app.padEnd(6)} ${line}`);
  }
}
