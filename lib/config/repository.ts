import { z } from 'zod';
import type { Repository } from '../model/configuration.ts';
import { dnsLabel, document, repoUrl } from './fields.ts';

const spec = z.strictObject({
  url: repoUrl,
  credentials: z.strictObject({
    secret: z.string().regex(/^[\w/+=.@-]{1,512}$/, {
      error: 'is not the name of a secret; write the name it is stored under, never its value',
    }),
  }),
});

/** `kind: Repository`: which secret opens a repository. */
export const repository: z.ZodType<Repository> = document('Repository', dnsLabel(63), spec).transform(
  ({ metadata, spec: declared }) => ({ name: metadata.name, ...declared }),
);
