import { readFile, stat } from 'node:fs/promises';
import { parse } from 'yaml';
import { z } from 'zod';
import { secretProblems, storedCredentials, storedWebhookSecrets } from '../../lib/config/stored-secrets.ts';
import { DriftlessError } from '../../lib/errors.ts';
import type { GitCredentials } from '../../lib/model/git-credentials.ts';
import { userPath } from '../paths.ts';

const SecretsFile = z.strictObject({
  /** Secrets of each forge's webhooks, newest first. */
  webhooks: storedWebhookSecrets.default({}),
  /** Credentials by the name that a Repository document gives. */
  repositories: z.record(z.string(), storedCredentials).default({}),
});

/** What stands in for Secrets Manager on a laptop. */
export type LocalSecrets = {
  readonly webhooks: Readonly<Partial<Record<string, readonly string[]>>>;
  readonly repositories: Readonly<Record<string, GitCredentials>>;
};

export const NO_SECRETS: LocalSecrets = { webhooks: {}, repositories: {} };

/** Reads a secrets file, which only its owner may read. Errors name fields, never values. */
export async function readSecretsFile(path: string): Promise<LocalSecrets> {
  const full = userPath(path);
  const found = await stat(full).catch(() => undefined);
  if (found === undefined)
    throw new DriftlessError(
      'UsageInvalid',
      `${path}: does not exist; name a file with secrets, or leave --secrets out`,
    );
  if ((found.mode & 0o077) !== 0)
    throw new DriftlessError(
      'UsageInvalid',
      `${path}: may be read by others (mode ${(found.mode & 0o777).toString(8)}); run chmod 600 on it`,
    );
  const parsed = SecretsFile.safeParse(parseYaml(path, await readFile(full, 'utf8')));
  if (!parsed.success) {
    throw new DriftlessError(
      'ConfigInvalid',
      `${path}: ${secretProblems(parsed.error)}; see docs/configuration.md for its form`,
    );
  }
  return parsed.data;
}

function parseYaml(path: string, text: string): unknown {
  try {
    return parse(text) ?? {};
  } catch {
    throw new DriftlessError('ConfigInvalid', `${path}: is not YAML; see docs/configuration.md for its form`);
  }
}
