// In: the outputs of the stack, or an address given by hand. Out: where webhooks go and where secrets are. May go wrong: a file that is not there or is no
// file of outputs, a stack that is not in it, an address that nothing can be delivered to; each is UsageInvalid.
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { OUTPUTS } from '../../../lib/config/env-names.ts';
import { DriftlessError } from '../../../lib/errors.ts';
import { userPath } from '../../paths.ts';

/** What a forge is connected to. */
export type Deployment = {
  /** Without a slash at the end. */
  readonly url: string;
  /** Name or ARN. */
  readonly webhookSecret: string;
  readonly gitSecretPrefix: string;
};

export type DeploymentOptions = {
  readonly url?: string;
  readonly outputs: string;
  readonly stack?: string;
};

/** The stack's default names of its secrets. */
const BY_HAND = { webhookSecret: 'driftless/webhooks', gitSecretPrefix: 'driftless/git/' };

const Outputs = z.record(z.string(), z.record(z.string(), z.string()));

/** Finds out what is deployed, from files alone. */
export async function findDeployment(options: DeploymentOptions): Promise<Deployment> {
  if (options.url !== undefined) return { ...BY_HAND, url: webhookBase(options.url) };
  const [stack, outputs] = choose(await readOutputs(options.outputs), options);
  const outputOf = (name: string): string => {
    const value = outputs[name];
    if (value !== undefined && /^[\w/+=.@:-]+$/.test(value)) return value;
    const wrong = value === undefined ? 'is missing' : `${JSON.stringify(value)} is not what it should be`;
    throw usage(`${options.outputs}: ${stack}.${name} ${wrong}; deploy the stack again with --outputs-file`);
  };
  return {
    url: webhookBase(outputOf(OUTPUTS.url)),
    webhookSecret: outputOf(OUTPUTS.webhookSecret),
    gitSecretPrefix: outputOf(OUTPUTS.gitSecretPrefix),
  };
}

async function readOutputs(file: string): Promise<z.infer<typeof Outputs>> {
  const text = await readFile(userPath(file), 'utf8').catch(() => {
    throw usage(`${file}: cannot be read; deploy with --outputs-file ${file}, or give --url`);
  });
  const parsed = Outputs.safeParse(parseJson(text));
  if (parsed.success) return parsed.data;
  throw usage(`${file}: is not what cdk deploy --outputs-file writes; name another file, or give --url`);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The stack that was asked for, else the only one that has an address. */
function choose(
  all: z.infer<typeof Outputs>,
  { outputs: file, stack }: DeploymentOptions,
): [string, Readonly<Record<string, string>>] {
  const deployers = Object.entries(all).filter(([name, outputs]) =>
    stack === undefined ? OUTPUTS.url in outputs : name === stack,
  );
  const [found, ...others] = deployers;
  if (found !== undefined && others.length === 0) return found;
  const names = Object.keys(all).join(', ') || 'none';
  if (found === undefined)
    throw usage(`${file}: has no deployer${stack ? ` "${stack}"` : ''}; its stacks are ${names}`);
  throw usage(`${file}: has several deployers; choose one with --stack: ${deployers.map(([name]) => name).join(', ')}`);
}

/** An address that is safe to stand in a command, and that a forge can deliver to without anybody reading along. */
function webhookBase(address: string): string {
  const base = address.replace(/\/+$/, '');
  const isSafe = /^https?:\/\/[\w.:[\]-]+(\/[\w.~/-]*)?$/.test(base) && URL.canParse(base);
  const isLocal = isSafe && ['127.0.0.1', 'localhost', '[::1]'].includes(new URL(base).hostname);
  if (isSafe && !base.includes('/webhooks') && (base.startsWith('https:') || isLocal)) return base;
  throw usage(`${JSON.stringify(address)} is not where webhooks go; write the address up to /webhooks, with https://`);
}

function usage(message: string): DriftlessError {
  return new DriftlessError('UsageInvalid', message);
}
