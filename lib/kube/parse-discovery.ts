import { z } from 'zod';
import type { ServedKind } from '../model/cluster-api.ts';

/** What an API server serves: kinds by `apps/v1/Deployment`, versions of groups, and those whose own server is not available. */
export type Served = {
  readonly kinds: ReadonlyMap<string, ServedKind>;
  readonly groupVersions: readonly string[];
  readonly stale: ReadonlySet<string>;
};

/** A server that names no verbs is asked. */
const Verbs = z.array(z.string()).nullish();

const AggregatedResource = z.object({
  resource: z.string(),
  responseKind: z.object({ group: z.string().nullish(), version: z.string().nullish(), kind: z.string() }).nullish(),
  scope: z.string(),
  verbs: Verbs,
});

const Aggregated = z.object({
  kind: z.literal('APIGroupDiscoveryList'),
  items: z.array(
    z.object({
      metadata: z.object({ name: z.string().default('') }),
      versions: z.array(
        z.object({
          version: z.string(),
          resources: z.array(AggregatedResource).nullish(),
          freshness: z.string().nullish(),
        }),
      ),
    }),
  ),
});

const CoreVersions = z.object({ kind: z.literal('APIVersions'), versions: z.array(z.string()) });

const Groups = z.object({
  kind: z.literal('APIGroupList'),
  groups: z.array(z.object({ versions: z.array(z.object({ groupVersion: z.string() })) })),
});

const Resources = z.object({
  resources: z.array(z.object({ name: z.string(), kind: z.string(), namespaced: z.boolean(), verbs: Verbs })),
});

/** Aggregated discovery, `/api` and `/apis` alike; undefined for the old form. */
export function parseAggregated(document: unknown): Served | undefined {
  const parsed = Aggregated.safeParse(document).data;
  if (parsed === undefined) return undefined;
  const versions = parsed.items.flatMap(({ metadata: { name: group }, versions }) =>
    versions.map((entry) => ({
      ...entry,
      group,
      groupVersion: group === '' ? entry.version : `${group}/${entry.version}`,
    })),
  );
  const kinds = versions.flatMap(({ group, version, resources }) =>
    (resources ?? []).flatMap(({ resource, responseKind, scope, verbs }): ServedKind[] => {
      // A resource may return a kind of another group (Scale, Eviction), which does not belong to this group.
      const own = (responseKind?.group || group) === group && (responseKind?.version || version) === version;
      if (!own || !responseKind) return [];
      const { kind } = responseKind;
      return [{ group, version, kind, plural: resource, namespaced: scope === 'Namespaced', ...listing(verbs) }];
    }),
  );
  return {
    kinds: byName(kinds),
    groupVersions: versions.map(({ groupVersion }) => groupVersion),
    stale: new Set(versions.filter(({ freshness }) => freshness === 'Stale').map(({ groupVersion }) => groupVersion)),
  };
}

/** Versions that the old form of discovery lists, such as `v1` and `apps/v1`; undefined for any other document. */
export function parseGroupVersions(document: unknown): readonly string[] | undefined {
  const groups = Groups.safeParse(document).data?.groups;
  const versions = groups?.flatMap((group) => group.versions.map(({ groupVersion }) => groupVersion));
  return versions ?? CoreVersions.safeParse(document).data?.versions;
}

/** Kinds of one version in the old form; undefined for any other document. */
export function parseResources(document: unknown, groupVersion: string): Served | undefined {
  const parsed = Resources.safeParse(document).data;
  if (parsed === undefined) return undefined;
  const slash = groupVersion.indexOf('/');
  const group = slash < 0 ? '' : groupVersion.slice(0, slash);
  const version = groupVersion.slice(slash + 1);
  const kinds = parsed.resources
    .filter(({ name }) => !name.includes('/'))
    .map(({ name, kind, namespaced, verbs }) => ({
      group,
      version,
      kind,
      plural: name,
      namespaced,
      ...listing(verbs),
    }));
  return { kinds: byName(kinds), groupVersions: [groupVersion], stale: new Set() };
}

function listing(verbs: z.infer<typeof Verbs>): Pick<ServedKind, 'unlistable'> {
  return verbs == null || verbs.length === 0 || verbs.includes('list') ? {} : { unlistable: true };
}

/** Merges parts of what is served. */
export function mergeServed(parts: readonly Served[]): Served {
  return {
    kinds: new Map(parts.flatMap(({ kinds }) => [...kinds])),
    groupVersions: parts.flatMap(({ groupVersions }) => groupVersions),
    stale: new Set(parts.flatMap(({ stale }) => [...stale])),
  };
}

/** The first one wins where two resources have one kind. */
function byName(kinds: readonly ServedKind[]): ReadonlyMap<string, ServedKind> {
  const named = kinds.map((served): [string, ServedKind] => {
    const { group, version, kind } = served;
    return [group === '' ? `${version}/${kind}` : `${group}/${version}/${kind}`, served];
  });
  return new Map(named.reverse());
}
