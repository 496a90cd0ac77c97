// In: which secret. Out: what it holds, as it was some minutes ago at most. What may go wrong: it is missing or malformed (SecretInvalid), may not
// be read (AwsAccessDenied), or Secrets Manager does not answer (AwsUnavailable, unless what was read before will do). No error has a value in it.
import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { z } from 'zod';
import { secretProblems, storedCredentials, storedWebhookSecrets } from '../config/stored-secrets.ts';
import { DriftlessError } from '../errors.ts';
import type { Repository } from '../model/configuration.ts';
import { repositoryFor } from '../model/repository-for.ts';
import type { Clock, Secrets } from '../ports/runtime.ts';
import { awsFailure } from './aws-failure.ts';

type SecretsOptions = {
  readonly client: SecretsManagerClient;
  /** Name or ARN; absent where no webhooks are received. */
  readonly webhookSecretId?: string;
  /** What the names of Git credentials begin with; a Repository may name its secret with or without it. */
  readonly gitSecretPrefix: string;
  readonly repositories: () => Promise<readonly Repository[]>;
  readonly clock: Pick<Clock, 'monotonic'>;
};

type Kept = { readonly at: number; readonly value: Promise<unknown> };

/** How old a value may be. */
const KEPT_MS = 5 * 60_000;
/** How old it may be where it did not fit, so that whoever sends wrong signatures causes no more reads than that. */
const KEPT_ANEW_MS = 10_000;

/** Secrets Manager: webhook secrets in one secret, Git credentials in one each; both are read again once they do not fit. */
export function createAwsSecrets(options: SecretsOptions): Secrets {
  const { webhookSecretId, gitSecretPrefix, repositories } = options;
  const kept = keepSecrets(options);
  return {
    webhookSecrets: async (forge, { anew = false } = {}) => {
      if (webhookSecretId === undefined) return [];
      const all = checked(webhookSecretId, storedWebhookSecrets, await kept(webhookSecretId, anew));
      return Object.entries(all).find(([name]) => name === forge)?.[1] ?? [];
    },
    gitCredentials: async (repo, { anew = false } = {}) => {
      const declared = repositoryFor(await repositories(), repo);
      if (declared === undefined) return undefined;
      const { secret } = declared.credentials;
      const id = secret.startsWith(gitSecretPrefix) ? secret : `${gitSecretPrefix}${secret}`;
      return checked(id, storedCredentials, await kept(id, anew));
    },
  };
}

/** Values by their secrets; a reading that fails leaves the value that was read before. */
function keepSecrets({ client, clock }: SecretsOptions): (id: string, anew: boolean) => Promise<unknown> {
  const known = new Map<string, Kept>();

  return (id, anew) => {
    const before = known.get(id);
    const now = clock.monotonic();
    if (before !== undefined && now - before.at < (anew ? KEPT_ANEW_MS : KEPT_MS)) return before.value;
    const reading = readSecret(client, id);
    const value = before === undefined ? reading : reading.catch((error) => orBefore(error, before));
    const entry = { at: now, value };
    known.set(id, entry);
    value.catch(() => {
      if (known.get(id) === entry) known.delete(id);
    });
    return value;
  };
}

/** A secret that was taken away must not live on here; a service that is away for a moment is no reason to refuse. */
async function orBefore(error: unknown, before: Kept): Promise<unknown> {
  if (error instanceof DriftlessError && error.code === 'AwsUnavailable') return before.value;
  throw error;
}

async function readSecret(client: SecretsManagerClient, id: string): Promise<unknown> {
  const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: id })).catch((thrown: unknown) => {
    // Invalid is the request for a secret that is marked for deletion.
    throw awsFailure(`secret "${id}"`, thrown, { missing: 'SecretInvalid', invalid: 'SecretInvalid' });
  });
  if (SecretString === undefined) throw malformed(id, 'it is binary; store it as text');
  try {
    return JSON.parse(SecretString);
  } catch {
    // The parser's own words quote the text.
    throw malformed(id, 'it is not JSON');
  }
}

function checked<T>(id: string, schema: z.ZodType<T>, value: unknown): T {
  const { data, error } = schema.safeParse(value);
  if (error === undefined) return data;
  throw malformed(id, secretProblems(error));
}

function malformed(id: string, problem: string): DriftlessError {
  return new DriftlessError('SecretInvalid', `secret "${id}": ${problem}; store it anew`);
}
