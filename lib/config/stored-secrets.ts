// Secrets in the one form that they are stored in: in the secrets file on a laptop, in Secrets Manager on AWS. Problems name fields, never values.
import { z } from 'zod';
import type { GitCredentials } from '../model/git-credentials.ts';

const Secret = z.string().min(1);

/** Credentials for a Git server. */
export const storedCredentials: z.ZodType<GitCredentials> = z
  .union([
    z.strictObject({ token: Secret }),
    z.strictObject({ username: Secret, password: Secret }),
    z.strictObject({
      githubApp: z.strictObject({ appId: z.coerce.string(), installationId: z.coerce.string(), privateKey: Secret }),
    }),
  ])
  .transform((entry): GitCredentials => {
    if ('token' in entry) return { kind: 'token', token: entry.token };
    if ('githubApp' in entry) return { kind: 'githubApp', ...entry.githubApp };
    return { kind: 'basic', ...entry };
  });

/** Secrets of each forge's webhooks, newest first; one alone need not be a list. */
export const storedWebhookSecrets = z.partialRecord(
  z.enum(['github', 'gitlab']),
  z.union([z.array(Secret), Secret.transform((one) => [one])]),
);
