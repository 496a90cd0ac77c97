import type { Log } from '../ports/runtime.ts';

type Level = 'info' | 'warn' | 'error';

export type LogLine = {
  readonly level: Level;
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
};

/** A log that hands each line to a function. */
export function createLog(write: (line: LogLine) => void, bound: Readonly<Record<string, unknown>> = {}): Log {
  const at =
    (level: Level) =>
    (message: string, fields: Readonly<Record<string, unknown>> = {}): void =>
      write({ level, message, fields: { ...bound, ...fields } });
  return {
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    bind: (fields) => createLog(write, { ...bound, ...fields }),
  };
}

/** One line of text: `12:03:11 info  applied stage app=shop changed=3`. */
export function formatLogLine({ level, message, fields }: LogLine, now: Date): string {
  const pairs = Object.entries(fields).map(
    ([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
  );
  return [now.toISOString().slice(11, 23), level.padEnd(5), message, ...pairs].join(' ');
}
