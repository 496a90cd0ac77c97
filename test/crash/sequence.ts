// What happens to an application over time, as fast-check makes it up: commits good and bad, pushes by force, reverts, lost deliveries, crashes of
// the deployer, and people who change the cluster by hand.
import fc from 'fast-check';
import type { KubeObject } from '../../lib/model/kube-object.ts';
import { configMap, custom, definition, type Files, manifests } from './example.ts';
import type { Death } from './mortal.ts';

/** What a commit wants of each slot: a value, or nothing. */
export type Wanted = {
  readonly a: number | null;
  readonly b: number | null;
  readonly c: number | null;
  /** A CRD and an object of its kind. */
  readonly widget: number | null;
  /** A Namespace and an object in it. */
  readonly extra: number | null;
};

/** Why a commit cannot be deployed: it cannot be read, or the API server refuses it. */
type Flaw = 'unreadable' | 'refused';

/** How a branch is moved; the commits so far are counted round. */
export type Move =
  | { readonly do: 'commit'; readonly wanted: Wanted; readonly flaw: Flaw | null }
  | { readonly do: 'revert'; readonly to: number }
  | { readonly do: 'force'; readonly to: number };

export type Step =
  | { readonly do: 'push'; readonly move: Move; readonly delivered: boolean }
  | { readonly do: 'kill'; readonly death: Death }
  /** A deployer that dies half-way through one commit, and starts again when another one is the head. */
  | { readonly do: 'overtake'; readonly move: Move; readonly death: Death; readonly by: Move }
  | { readonly do: 'edit'; readonly name: 'a' | 'b' | 'c'; readonly how: 'change' | 'delete' }
  | { readonly do: 'intrude' }
  | { readonly do: 'settle' };

const value = fc.option(fc.nat(2));
const wanted: fc.Arbitrary<Wanted> = fc.record({ a: value, b: value, c: value, widget: value, extra: value });
const flaw = fc.option(fc.constantFrom<Flaw>('unreadable', 'refused'), { freq: 5 });

const place = fc.nat(20);
const commit = fc.record({ do: fc.constant('commit' as const), wanted, flaw });
const revert = fc.record({ do: fc.constant('revert' as const), to: place });
const force = fc.record({ do: fc.constant('force' as const), to: place });
const move: fc.Arbitrary<Move> = fc.oneof({ weight: 3, arbitrary: commit }, revert, force);

const when = fc.constantFrom('before' as const, 'after' as const);
/** The calls that change something are few among the many that only look. */
const death: fc.Arbitrary<Death> = fc.oneof(
  fc.record({ call: fc.integer({ min: 1, max: 90 }), when }),
  fc.record({ call: fc.integer({ min: 1, max: 6 }), of: fc.constant('cluster.apply'), when }),
  fc.record({
    call: fc.integer({ min: 1, max: 3 }),
    of: fc.constantFrom('cluster.delete', 'state.putInventory', 'state.conclude', 'operations.start', 'blobs.put'),
    when,
  }),
);

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constant('push' as const), move, delivered: mostly() }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('kill' as const), death }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('overtake' as const), move, death, by: move }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('edit' as const),
      name: fc.constantFrom('a' as const, 'b' as const, 'c' as const),
      how: fc.constantFrom('change' as const, 'delete' as const),
    }),
  },
  fc.constant({ do: 'intrude' as const }),
  { weight: 3, arbitrary: fc.constant({ do: 'settle' as const }) },
);

function mostly(): fc.Arbitrary<boolean> {
  return fc.integer({ min: 0, max: 4 }).map((die) => die > 0);
}

/** Up to so many steps. */
export function sequences(maxLength: number): fc.Arbitrary<readonly Step[]> {
  return fc.array(step, { minLength: 3, maxLength, size: 'max' });
}

/** The objects that a commit wants. */
export function objectsOf(app: string, { a, b, c, widget, extra }: Wanted): readonly KubeObject[] {
  const maps = Object.entries({ a, b, c }).flatMap(([name, content]) =>
    content === null ? [] : [configMap(name, String(content))],
  );
  const namespace = `${app}-extra`;
  return [
    ...maps,
    ...(widget === null ? [] : [definition(app, 'Widget'), custom(app, 'Widget', 'w', widget)]),
    ...(extra === null
      ? []
      : [
          { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } },
          { ...configMap('away', String(extra)), metadata: { name: 'away', namespace } },
        ]),
  ];
}

/** The files of a commit; `count` makes each of them different. */
export function filesOf(app: string, commit: Commit, count: number): Files {
  const objects = [...objectsOf(app, commit.wanted), configMap('count', String(count))];
  return {
    'deploy/all.json': manifests(commit.flaw === 'refused' ? [...objects, REFUSED] : objects),
    ...(commit.flaw === 'unreadable' && { 'deploy/unreadable.yaml': 'metadata: {name: neither kind nor version}\n' }),
  };
}

export type Commit = { readonly wanted: Wanted; readonly flaw: Flaw | null };

/** A Service without ports. */
const REFUSED: KubeObject = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'refused' }, spec: { ports: [] } };
