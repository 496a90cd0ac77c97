import type { Log } from '../../lib/ports/runtime.ts';

type Line = { readonly level: 'info' | 'warn' | 'error'; readonly message: string; readonly [field: string]: unknown };

/** A log whose lines a test can read. */
export class RecordingLog implements Log {
  readonly lines: Line[];
  readonly #bound: Readonly<Record<string, unknown>>;

  constructor(lines: Line[] = [], bound: Readonly<Record<string, unknown>> = {}) {
    this.lines = lines;
    this.#bound = bound;
  }

  info(message: string, fields?: Readonly<Record<string, unknown>>): void {
    this.lines.push({ ...this.#bound, ...fields, level: 'info', message });
  }

  warn(message: string, fields?: Readonly<Record<string, unknown>>): void {
    this.lines.push({ ...this.#bound, ...fields, level: 'warn', message });
  }

  error(message: string, fields?: Readonly<Record<string, unknown>>): void {
    this.lines.push({ ...this.#bound, ...fields, level: 'error', message });
  }

  bind(fields: Readonly<Record<string, unknown>>): Log {
    return new RecordingLog(this.lines, { ...this.#bound, ...fields });
  }
}
