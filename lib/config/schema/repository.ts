import { z } from 'zod';
import type { Repository } from '../../model/configuration.ts';
import { dnsLabel, document, quote, repoUrl } from './fields.ts';

/** A host as addresses of repositories name it, with its port where that is not the usual one. */
const host = z
  .string()
  .refine(isHost, {
    error: ({ input }) =>
      `${quote(input)} is not a host; write it without scheme and path, for example github.com or git.example.com:8443`,
  })
  .meta({ pattern: '^[A-Za-z0-9\\[][A-Za-z0-9.:\\[\\]-]*$', maxLength: 253, examples: ['github.com'] });

function isHost(text: string): boolean {
  if (text.length > 253 || !/^[a-z0-9[][a-z0-9.:[\]-]*$/i.test(text) || !URL.canParse(`https://${text}`)) return false;
  return new URL(`https://${text}`).host === text.toLowerCase();
}

const spec = z
  .strictObject({
    url: repoUrl.exactOptional(),
    host: host.exactOptional(),
    credentials: z.strictObject({
      secret: z.string().regex(/^[\w/+=.@-]{1,512}$/, {
        error: 'is not the name of a secret; write the name it is stored under, never its value',
      }),
    }),
  })
  .superRefine(
    (value, context) => {
      if ('url' in value !== 'host' in value) return;
      context.addIssue({
        code: 'custom',
        message: 'does not say what the credentials are for; write either url or host',
      });
    },
    { when: ({ value }) => typeof value === 'object' && value !== null },
  )
  .meta({ oneOf: [{ required: ['url'] }, { required: ['host'] }] });

/** `kind: Repository`: which secret opens a repository, or all repositories of a host. */
export const repository: z.ZodType<Repository> = document('Repository', dnsLabel(63), spec).transform(
  ({ metadata, spec: declared }) => ({ name: metadata.name, ...declared }),
);
