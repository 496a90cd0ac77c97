import { DriftlessError } from '../errors.ts';

const SEGMENT = '[A-Za-z0-9_-][A-Za-z0-9._-]{0,199}';
const KEY = new RegExp(`^${SEGMENT}(/${SEGMENT}){0,9}$`);

/** Lets only keys pass that mean the same in a folder and in a bucket: `rendered/<hash>`; nothing hidden, absolute or with `..`. */
export function assertBlobKey(key: string): void {
  if (KEY.test(key)) return;
  throw new DriftlessError(
    'Internal',
    `blob ${JSON.stringify(key.slice(0, 200))}: its key is invalid; write names of A-Z a-z 0-9 . _ - with / between`,
  );
}
