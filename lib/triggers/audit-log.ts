// In: an unpacked delivery of the subscription of an EKS audit log. Out: the writes that may have caused drift. The deployer's own writes, failed writes and
// dry-runs are omitted. May go wrong: PayloadInvalid for a delivery of another shape; a truncated line is omitted.
import { z } from 'zod';
import { DriftlessError } from '../errors.ts';
import type { Author } from '../model/drift.ts';

/** A write to one object, or to all of a resource in a namespace where `name` is absent, as an audit log has it. */
export type AuditedWrite = {
  readonly group: string;
  /** In the plural, as in URLs: `deployments`. */
  readonly resource: string;
  readonly namespace?: string;
  readonly name?: string;
  readonly author: Author;
};

export type AuditDelivery = {
  /** `/aws/eks/prod-eu/cluster`. */
  readonly logGroup: string;
  readonly writes: readonly AuditedWrite[];
};

const Delivery = z.object({
  messageType: z.string(),
  logGroup: z.string().default(''),
  logEvents: z.array(z.object({ message: z.string() })).default([]),
});

const Entry = z.object({
  stage: z.literal('ResponseComplete'),
  verb: z.enum(['create', 'update', 'patch', 'delete', 'deletecollection']),
  requestURI: z.string().default(''),
  userAgent: z.string().default(''),
  user: z.object({
    username: z.string().default(''),
    extra: z.object({ sessionName: z.array(z.string()).default([]) }).default({ sessionName: [] }),
  }),
  sourceIPs: z.array(z.string()).default([]),
  objectRef: z.object({
    resource: z.string(),
    apiGroup: z.string().default(''),
    namespace: z.string().optional(),
    name: z.string().optional(),
    subresource: z.enum(['', 'scale']).default(''),
  }),
  responseStatus: z.object({ code: z.int().max(299) }),
  requestReceivedTimestamp: z.string().optional(),
});

type AuditEntry = z.infer<typeof Entry>;

/** Reads a delivery. */
export function parseAuditDelivery(delivery: unknown): AuditDelivery {
  const { data } = Delivery.safeParse(delivery);
  if (data === undefined)
    throw new DriftlessError(
      'PayloadInvalid',
      'audit log: messageType or logEvents is missing; subscribe to the log of an EKS control plane',
    );
  return {
    logGroup: data.logGroup,
    writes: data.messageType === 'DATA_MESSAGE' ? data.logEvents.flatMap(writeOf) : [],
  };
}

function writeOf({ message }: { readonly message: string }): readonly AuditedWrite[] {
  const entry = Entry.safeParse(parsedJson(message)).data;
  if (entry === undefined || isOurs(entry) || parametersOf(entry).has('dryRun')) return [];
  const { apiGroup: group, resource, namespace, name } = entry.objectRef;
  const place = { group, resource, ...(namespace !== undefined && { namespace }), ...(name !== undefined && { name }) };
  return [{ ...place, author: authorOf(entry) }];
}

function isOurs(entry: AuditEntry): boolean {
  return entry.userAgent.startsWith('driftless/') || parametersOf(entry).get('fieldManager') === 'driftless';
}

function authorOf(entry: AuditEntry): Author {
  const { user, verb, sourceIPs, userAgent, objectRef } = entry;
  const [session] = user.extra.sessionName;
  // The API server derives the manager in the same way where the client names none.
  const manager = parametersOf(entry).get('fieldManager') ?? userAgent.split('/')[0] ?? '';
  const sourceIp = sourceIPs[0];
  return {
    ...(manager !== '' && { manager }),
    user: session === undefined ? user.username : `${session} (${user.username})`,
    verb: objectRef.subresource === '' ? verb : `${verb} ${objectRef.subresource}`,
    ...(sourceIp !== undefined && { sourceIp }),
    ...(entry.requestReceivedTimestamp !== undefined && { at: entry.requestReceivedTimestamp }),
  };
}

function parametersOf({ requestURI }: AuditEntry): URLSearchParams {
  return new URLSearchParams(requestURI.split('?')[1] ?? '');
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
