// In: commits and heads as they are stored. Out: typed records.
import { z } from 'zod';
import type { Failure } from '../../model/application-record.ts';
import type { Commit } from '../../model/commit.ts';
import type { Distance, KnownHead, SourceProblem } from '../../model/head.ts';
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
  problem: z
    .object({
      code: text,
      message: text,
      since: text,
      isLost: z.literal(true).exactOptional(),
    } satisfies Shape<SourceProblem>)
    .exactOptional(),
} satisfies Shape<KnownHead>);

/** The newest operation that did not deploy. */
export const failure = z.object({
  seq: count,
  status: z.enum(['failed', 'refused']),
  code: text.exactOptional(),
  message: text,
  revision: text.exactOptional(),
  hasWrittenNothing: z.literal(true).exactOptional(),
  since: text,
  at: text,
} satisfies Shape<Failure>);
