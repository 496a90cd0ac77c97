// In: which secret. Out: its value, at most some minutes old. What may go wrong: it is missing or malformed (SecretInvalid), may not be read
// (AwsAccessDenied), or Secrets Manager is not available (AwsUnavailable, unless a cached value exists). No error contains a value.
import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { z } from 'zod';
import { secretProblems } from '../config/secret-problems.ts';
import { storedCredentials, storedWebhookSecrets } from '../config/stored-secrets.ts';
import { DriftlessError } from '../errors.ts';
import type { Repository } from '../model/configuration.ts';
import { repositoryFor } from '../model/repository-for.ts';
import type { Clock, Secrets } from '../ports/runtime.ts';
import { awsFailure } from './aws-failure.ts';

type SecretsOptions = {
  readonly client: SecretsManagerClient;
  /** Name or ARN; absent where no webhooks are received. */
  readonly webhookSecretId?: string;
  /** Prefix of the names of Git credentials; a Repository may name its secret with or without it. */
  readonly gitSecretPrefix: string;
  readonly repositories: () => Promise<readonly Repository[]>;
  readonly clock: Pick<Clock, 'monotonic'>;
};

type CachedSecret = { readonly at: number; readonly value: Promise<unknown> };

/** The maximum age of a cached value. */
const CACHE_MS = 5 * 60_000;
/** The maximum age of a value that did not match, so that wrong signatures cause few reads. */
const REFRESH_MS = 10_000;

/** Secrets Manager: webhook secrets in one secret, Git credentials in one each; both are read again after they did not match. */
export function createAwsSecrets(options: SecretsOptions): Secrets {
  const { webhookSecretId, gitSecretPrefix, repositories } = options;
  const cached = cacheSecrets(options);
  return {
    webhookSecrets: async (forge, { refresh = false } = {}) => {
      if (webhookSecretId === undefined) return [];
      const all = checked(
        { id: webhookSecretId, at: ['webhooks'] },
        storedWebhookSecrets,
        await cached(webhookSecretId, refresh),
      );
      return Object.entries(all).find(([name]) => name === forge)?.[1] ?? [];
    },
    gitCredentials: async (repo, { refresh = false } = {}) => {
      const declared = repositoryFor(await repositories(), repo);
      if (declared === undefined) return undefined;
      const { secret } = declared.credentials;
      const id = secret.startsWith(gitSecretPrefix) ? secret : `${gitSecretPrefix}${secret}`;
      return checked({ id, at: ['repositories', id] }, storedCredentials, await cached(id, refresh));
    },
  };
}

/** Caches values by secret; after a failed read the cached value stays. */
function cacheSecrets({ client, clock }: SecretsOptions): (id: string, refresh: boolean) => Promise<unknown> {
  const cache = new Map<string, CachedSecret>();

  return (id, refresh) => {
    const before = cache.get(id);
    const now = clock.monotonic();
    if (before !== undefined && now - before.at < (refresh ? REFRESH_MS : CACHE_MS)) return before.value;
    const reading = readSecret(client, id);
    const value = before === undefined ? reading : reading.catch((error) => cachedOrThrow(error, before));
    const entry = { at: now, value };
    cache.set(id, entry);
    value.catch(() => {
      if (cache.get(id) === entry) cache.delete(id);
    });
    return value;
  };
}

/** A deleted secret must not stay valid here; a service that is not available for a moment must not cause refusals. */
async function cachedOrThrow(error: unknown, before: CachedSecret): Promise<unknown> {
  if (error instanceof DriftlessError && error.code === 'AwsUnavailable') return before.value;
  throw error;
}

async function readSecret(client: SecretsManagerClient, id: string): Promise<unknown> {
  const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: id })).catch((thrown: unknown) => {
    // The request is invalid where the secret is scheduled for deletion.
    throw awsFailure(`secret "${id}"`, thrown, { missing: 'SecretInvalid', invalid: 'SecretInvalid' });
  });
  if (SecretString === undefined) throw malformed(id, 'it is binary; store it as text');
  try {
    return JSON.parse(SecretString);
  } catch {
    // The parser's own message quotes the text.
    throw malformed(id, 'it is not JSON');
  }
}

type StoredSecret = { readonly id: string; readonly at: readonly string[] };

function checked<T>({ id, at }: StoredSecret, schema: z.ZodType<T>, value: unknown): T {
  const { data, error } = schema.safeParse(value);
  if (error === undefined) return data;
  throw malformed(id, secretProblems(error, value, at));
}

function malformed(id: string, problem: string): DriftlessError {
  return new DriftlessError('SecretInvalid', `secret "${id}": ${problem}; store it again`);
}
