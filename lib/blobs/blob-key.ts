import { DriftlessError } from '../errors.ts';

const SEGMENT = '[A-Za-z0-9_-][A-Za-z0-9._-]{0,199}';
const KEY = new RegExp(`^${SEGMENT}(/${SEGMENT}){0,9}$`);

/** Accepts only keys that mean the same in a folder and in a bucket, such as `rendered/<hash>`: not hidden, not absolute, without `..`. */
export function assertBlobKey(key: string): void {
  if (KEY.test(key)) return;
  throw new DriftlessError(
    'Internal',
    `blob ${JSON.stringify(key.slice(0, 200))}: its key is invalid; use names of A-Z a-z 0-9 . _ - separated by /`,
  );
}
