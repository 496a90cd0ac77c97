import { condition, judged, kind, type Row } from './objects.ts';

const gateway = kind('gateway.networking.k8s.io/v1', 'Gateway');
const route = kind('gateway.networking.k8s.io/v1', 'HTTPRoute');

const now = (assignment: string, message = '') => ({ ...condition(assignment, '', message), observedGeneration: 2 });
const before = (assignment: string) => ({ ...condition(assignment), observedGeneration: 1 });
const good = [now('Accepted=True'), now('Programmed=True')];
const listener = (name: string, ...conditions: readonly unknown[]) => ({ name, conditions });

const gateways: readonly Row[] = [
  [
    'is programmed',
    gateway({ status: { conditions: good, listeners: [listener('web', ...good, now('ResolvedRefs=True'))] } }),
    'Healthy',
    '',
  ],
  ['has no status', gateway({}), 'Progressing', 'not accepted by a controller yet'],
  [
    'is not accepted',
    gateway({ status: { conditions: [now('Accepted=False', 'no such class')] } }),
    'Degraded',
    'no such class',
  ],
  [
    'is not programmed',
    gateway({ status: { conditions: [now('Accepted=True'), now('Programmed=False', 'waiting for the address')] } }),
    'Progressing',
    'waiting for the address',
  ],
  [
    'may be programmed',
    gateway({ status: { conditions: [now('Accepted=True'), now('Programmed=Unknown')] } }),
    'Progressing',
    'not programmed yet',
  ],
  [
    'was programmed before the change',
    gateway({ status: { conditions: [before('Accepted=True'), before('Programmed=True')] } }),
    'Progressing',
    'the controller has not observed the change yet',
  ],
  [
    'has a listener without certificate',
    gateway({
      status: {
        conditions: good,
        listeners: [listener('web', ...good), listener('tls', now('ResolvedRefs=False', 'secret not found'))],
      },
    }),
    'Degraded',
    'listener tls: secret not found',
  ],
  [
    'has a listener that is not programmed',
    gateway({ status: { conditions: good, listeners: [listener('web', now('Programmed=False', 'pending'))] } }),
    'Progressing',
    'listener web: pending',
  ],
];

test.each(gateways)('a Gateway that %s is judged', (...row) => {
  const [health, wanted] = judged(row);
  expect(health).toEqual(wanted);
});

const parents = (...list: readonly (readonly [string, ...unknown[]])[]) =>
  route({
    spec: { parentRefs: [{ name: 'public' }, { name: 'internal' }] },
    status: { parents: list.map(([name, ...conditions]) => ({ parentRef: { name }, conditions })) },
  });
const taken = [now('Accepted=True'), now('ResolvedRefs=True')];

const routes: readonly Row[] = [
  ['all its parents have taken', parents(['public', ...taken], ['internal', ...taken]), 'Healthy', ''],
  ['has no status', route({}), 'Progressing', 'not accepted by a gateway yet'],
  [
    'a parent refuses',
    parents(['public', ...taken], ['internal', now('Accepted=False', 'NotAllowedByListeners')]),
    'Degraded',
    'parent internal: NotAllowedByListeners',
  ],
  [
    'names a Service that does not exist',
    parents(['public', now('Accepted=True'), now('ResolvedRefs=False', 'service "api" not found')]),
    'Degraded',
    'parent public: service "api" not found',
  ],
  [
    'a parent programs',
    parents(['public', ...taken, now('Programmed=False', 'pending')]),
    'Progressing',
    'parent public: pending',
  ],
  [
    'a parent has not looked at since the change',
    parents(['public', ...taken], ['internal', before('Accepted=True')]),
    'Progressing',
    'parent internal: the controller has not observed the change yet',
  ],
  [
    'a parent refused before the change',
    parents(['public', before('Accepted=False')]),
    'Progressing',
    'parent public: the controller has not observed the change yet',
  ],
  [
    'a former parent still has a status of',
    parents(['public', ...taken], ['former', before('Accepted=False')]),
    'Healthy',
    '',
  ],
  [
    'only a former parent has a status of',
    parents(['former', before('Accepted=True')]),
    'Progressing',
    'not accepted by a gateway yet',
  ],
  ['has a parent without conditions', parents(['public']), 'Progressing', 'not accepted by a gateway yet'],
];

test.each(routes)('a route that %s is judged', (...row) => {
  const [health, wanted] = judged(row);
  expect(health).toEqual(wanted);
});
