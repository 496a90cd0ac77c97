import { visible, visibleJson } from '../model/visible-text.ts';
import type { Log } from '../ports/runtime.ts';

type Level = 'info' | 'warn' | 'error';

export type LogLine = {
  readonly level: Level;
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
};

/** A value that needs no quotes: one word without quotes, `=` or anything invisible. */
const BARE = /^[^\s"=\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]+$/u;

/** A log that passes each line to a function. */
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

/** One line of text, its values as logfmt has them: `12:03:11.042 info  applied stage app=shop reason="not found"`. */
export function formatLogLine({ level, message, fields }: LogLine, now: Date): string {
  const pairs = Object.entries(fields).map(
    ([name, value]) => `${name}=${typeof value === 'string' && BARE.test(value) ? value : visibleJson(value)}`,
  );
  return [now.toISOString().slice(11, 23), level.padEnd(5), visible(message), ...pairs].join(' ');
}

/** One JSON object on one line: `{"time":…,"level":"info","message":…,"app":"shop"}`. */
export function jsonLogLine({ level, message, fields }: LogLine, now: Date): string {
  return visibleJson({ time: now.toISOString(), level, message, ...fields });
}
