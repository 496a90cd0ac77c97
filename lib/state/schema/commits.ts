// In: commits and heads as they are stored. Out: typed records.
import { z } from 'zod';
import type { Commit } from '../../model/commit.ts';
import type { Distance, KnownHead } from '../../model/head.ts';
import type { Shape } from './shape.ts';

const count = z.int().nonnegative();
const text = z.string();

/** What a commit says of itself. */
export const commit = z.object({
  author: text,
  email: text.exactOptional(),
  at: text,
  subject: text,
  signed: z.boolean(),
} satisfies Shape<Commit>);

/** The newest commit of a ref, as far as it is known. */
export const head = z.object({
  revision: text.exactOptional(),
  since: text,
  isChanged: z.boolean(),
  ahead: z
    .object({
      from: text,
      count,
      isMore: z.literal(true).exactOptional(),
      diverged: z.literal(true).exactOptional(),
      commits: z.array(commit.extend({ revision: text })).readonly(),
    } satisfies Shape<Distance>)
    .exactOptional(),
  problem: z.object({ code: text, message: text, since: text }).exactOptional(),
} satisfies Shape<KnownHead>);
