import type { Finish } from '../finish/finish.ts';

/** How a stage ends: with what the next stage needs, or with the end of the operation. */
export type StageResult<T> =
  | { readonly status: 'done'; readonly value: T }
  | { readonly status: 'finished'; readonly finish: Finish };

export function done<T>(value: T): StageResult<T> {
  return { status: 'done', value };
}

export function finished(finish: Finish): StageResult<never> {
  return { status: 'finished', finish };
}
