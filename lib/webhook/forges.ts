// Dispatches a delivery to the rules of its forge. In: the forge's name from the path, headers, raw body, secrets. Out: a Delivery. May go
// wrong: EndpointUnknown, WebhookSecretMissing, SignatureMismatch, PayloadInvalid.
import { DriftlessError } from '../errors.ts';
import type { PushEvent } from '../model/push-event.ts';
import type { Delivery, ForgeRules, UnverifiedDelivery } from './delivery.ts';
import { github } from './github.ts';
import { gitlab } from './gitlab.ts';

/** A Git hosting service that sends webhooks. */
export type Forge = PushEvent['forge'];

const FORGES: Readonly<Record<Forge, ForgeRules>> = { github, gitlab };

/** The forge of an endpoint, `/webhooks/<name>`. */
export function forgeOf(name: string): Forge {
  if (isForge(name)) return name;
  const known = Object.keys(FORGES).join(' or ');
  throw new DriftlessError(
    'EndpointUnknown',
    `/webhooks/${name.slice(0, 40)}: unknown forge; use ${known}; Gitea and Forgejo deliver as github`,
  );
}

/** Verifies a delivery against the secrets, then reads it; without a configured secret every delivery is refused. */
export async function readDelivery(forge: Forge, delivery: UnverifiedDelivery): Promise<Delivery> {
  await FORGES[forge].verify({ ...delivery, secrets: configured(forge, delivery.secrets) });
  return FORGES[forge].parse(delivery.headers, delivery.body);
}

/** Refuses by its headers what no body can make valid, so that unsigned bodies cannot fill the memory. */
export function precheckDelivery(forge: Forge, delivery: Omit<UnverifiedDelivery, 'body'>): void {
  FORGES[forge].precheck({ ...delivery, secrets: configured(forge, delivery.secrets) });
}

function configured(forge: Forge, secrets: readonly string[]): readonly string[] {
  const known = secrets.filter((secret) => secret !== '');
  if (known.length > 0) return known;
  throw new DriftlessError(
    'WebhookSecretMissing',
    `/webhooks/${forge}: no secret is configured, so nothing is accepted`,
  );
}

function isForge(name: string): name is Forge {
  return Object.hasOwn(FORGES, name);
}
