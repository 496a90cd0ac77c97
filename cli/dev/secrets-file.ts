import { readFile, stat } from 'node:fs/promises';
import { parse, YAMLParseError } from 'yaml';
import { z } from 'zod';
import { secretProblems } from '../../lib/config/secret-problems.ts';
import { storedCredentials, storedWebhookSecrets } from '../../lib/config/stored-secrets.ts';
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
  const value = parseYaml(path, await readFile(full, 'utf8'));
  const parsed = SecretsFile.safeParse(value);
  if (!parsed.success) {
    throw new DriftlessError(
      'ConfigInvalid',
      `${path}: ${secretProblems(parsed.error, value)}; see docs/configuration.md for its form`,
    );
  }
  return parsed.data;
}

function parseYaml(path: string, text: string): unknown {
  try {
    return parse(text) ?? {};
  } catch (thrown) {
    throw new DriftlessError('ConfigInvalid', `${path}${problemOf(thrown)}; see docs/configuration.md for its form`);
  }
}

/** The parser's own message quotes the text. */
function problemOf(thrown: unknown): string {
  if (!(thrown instanceof YAMLParseError)) return ': is not YAML';
  const line = `:${thrown.linePos?.[0].line ?? 1}`;
  if (thrown.code === 'TAB_AS_INDENT') return `${line}: is indented with a tab; write spaces`;
  return thrown.code === 'DUPLICATE_KEY' ? `${line}: has a name a second time; remove one` : `${line}: is not YAML`;
}
