import type { ApplyResult } from '../../../lib/model/cluster-api.ts';
import { statusAnswer } from '../../fakes/api-server.ts';
import { CONFIG_MAP, DEPLOYMENT, NAMESPACE, objectOf, openFake } from './fake-cluster.ts';

const deployment = objectOf(DEPLOYMENT, 'api');

test('an apply is a server-side apply of the whole object as driftless, strictly validated', async () => {
  const live = { ...deployment, metadata: { ...deployment.metadata, uid: 'u1', resourceVersion: '7' } };
  const { cluster, server } = await openFake(() => ({ status: 201, body: live }));

  const result = await cluster.apply(DEPLOYMENT, deployment, {});

  expect(result).toEqual({ status: 'applied', object: live });
  expect(server.received).toEqual([
    {
      method: 'PATCH',
      path: '/apis/apps/v1/namespaces/shop/deployments/api',
      query: { fieldManager: 'driftless', fieldValidation: 'Strict', force: 'false' },
      headers: expect.objectContaining({
        'content-type': 'application/apply-patch+yaml',
        'user-agent': 'driftless/1.2.3',
        authorization: 'Bearer token',
      }),
      body: JSON.stringify(deployment),
    },
  ]);
});

test('a dry-run that forces says both', async () => {
  const { cluster, server } = await openFake(() => ({ body: deployment }));
  await cluster.apply(DEPLOYMENT, deployment, { dryRun: true, force: true });
  expect(server.received[0]?.query).toMatchObject({ dryRun: 'All', force: 'true' });
});

test('an API server below a path is reached there', async () => {
  const { cluster, server } = await openFake(() => ({ body: deployment }), {
    access: ({ url }) => ({ server: `${url}/k8s/clusters/c-1/` }),
  });
  await cluster.apply(DEPLOYMENT, deployment, {});
  expect(server.received[0]?.path).toBe('/k8s/clusters/c-1/apis/apps/v1/namespaces/shop/deployments/api');
});

type Row = readonly [string, number, Readonly<Record<string, unknown>>, ApplyResult];

const invalid = (message: string, causes: object[]) => ({
  message,
  reason: 'Invalid',
  details: { name: 'api', causes },
});

const rows: readonly Row[] = [
  [
    'fields of two other managers',
    409,
    {
      message: 'Apply failed with 2 conflicts: …',
      reason: 'Conflict',
      details: {
        causes: [
          {
            reason: 'FieldManagerConflict',
            message: 'conflict with "hpa" with subresource "scale" using apps/v1',
            field: '.spec.replicas',
          },
          {
            reason: 'FieldManagerConflict',
            message: 'conflict with "kubectl-edit" using apps/v1',
            field: '.spec.template.spec.containers[name="c"].image',
          },
        ],
      },
    },
    {
      status: 'conflict',
      conflicts: [
        { manager: 'hpa', field: 'spec.replicas' },
        { manager: 'kubectl-edit', field: 'spec.template.spec.containers[name="c"].image' },
      ],
    },
  ],
  [
    'a value that validation does not allow',
    422,
    invalid('Deployment.apps "api" is invalid: spec.replicas: Invalid value: -1: must be greater than or equal to 0', [
      {
        reason: 'FieldValueInvalid',
        message: 'Invalid value: -1: must be greater than or equal to 0',
        field: 'spec.replicas',
      },
    ]),
    {
      status: 'refused',
      reason: 'invalid',
      message: 'Deployment.apps "api" is invalid: spec.replicas: Invalid value: -1: must be greater than or equal to 0',
      causes: [{ field: 'spec.replicas', message: 'Invalid value: -1: must be greater than or equal to 0' }],
    },
  ],
  [
    'an immutable field',
    422,
    invalid('Deployment.apps "api" is invalid: spec.selector: …: field is immutable', [
      {
        reason: 'FieldValueInvalid',
        message: 'Invalid value: {"matchLabels":{"a":"c"}}: field is immutable',
        field: 'spec.selector',
      },
    ]),
    {
      status: 'refused',
      reason: 'immutable',
      message: 'Deployment.apps "api" is invalid: spec.selector: …: field is immutable',
      causes: [{ field: 'spec.selector', message: 'Invalid value: {"matchLabels":{"a":"c"}}: field is immutable' }],
    },
  ],
  [
    'RBAC',
    403,
    {
      message: 'deployments.apps "api" is forbidden: User "joe" cannot patch …',
      reason: 'Forbidden',
      details: { name: 'api' },
    },
    {
      status: 'refused',
      reason: 'forbidden',
      message: 'deployments.apps "api" is forbidden: User "joe" cannot patch …',
      causes: [],
    },
  ],
  [
    'a namespace that is not there',
    404,
    { message: 'namespaces "shop" not found', reason: 'NotFound', details: { name: 'shop', kind: 'namespaces' } },
    { status: 'refused', reason: 'namespaceMissing', message: 'namespaces "shop" not found', causes: [] },
  ],
  [
    'a kind that its group does not have',
    404,
    { message: 'the server could not find the requested resource', reason: 'NotFound', details: {} },
    {
      status: 'refused',
      reason: 'kindMissing',
      message: 'Deployment/shop/api: the API server does not serve apps/v1 Deployment',
      causes: [],
    },
  ],
  [
    'fields that the schema does not have (HTTP 500)',
    500,
    {
      message:
        'failed to create typed patch object (shop/api; apps/v1, Kind=Deployment): errors:\n  .spec.paused: expected boolean, got &{y}\n  .spec.bar: field not declared in schema',
    },
    {
      status: 'refused',
      reason: 'invalid',
      message:
        'failed to create typed patch object (shop/api; apps/v1, Kind=Deployment): errors:\n  .spec.paused: expected boolean, got &{y}\n  .spec.bar: field not declared in schema',
      causes: [
        { field: 'spec.paused', message: 'expected boolean, got &{y}' },
        { field: 'spec.bar', message: 'field not declared in schema' },
      ],
    },
  ],
  [
    'fields that strict decoding does not know',
    400,
    { message: 'strict decoding error: unknown field "spec.foo", duplicate field "spec.bar"', reason: 'BadRequest' },
    {
      status: 'refused',
      reason: 'invalid',
      message: 'strict decoding error: unknown field "spec.foo", duplicate field "spec.bar"',
      causes: [
        { field: 'spec.foo', message: 'unknown field' },
        { field: 'spec.bar', message: 'duplicate field' },
      ],
    },
  ],
  [
    'an object too large for etcd (HTTP 500)',
    500,
    { message: 'etcdserver: request is too large' },
    { status: 'refused', reason: 'invalid', message: 'etcdserver: request is too large', causes: [] },
  ],
  [
    'an object too large for a request',
    413,
    { message: 'Request entity too large: limit is 3145728', reason: 'RequestEntityTooLarge' },
    { status: 'refused', reason: 'invalid', message: 'Request entity too large: limit is 3145728', causes: [] },
  ],
  [
    'an admission webhook, with a code that looks like an outage',
    503,
    { message: 'admission webhook "vw.example" denied the request: not on Fridays' },
    {
      status: 'refused',
      reason: 'other',
      message: 'admission webhook "vw.example" denied the request: not on Fridays',
      causes: [],
    },
  ],
  [
    'an admission webhook that speaks of an immutable field',
    422,
    {
      ...invalid('admission webhook "vw.example" denied the request: no', [
        { reason: 'FieldValueInvalid', message: 'Invalid value: 1: field is immutable', field: 'spec.selector' },
      ]),
    },
    {
      status: 'refused',
      reason: 'other',
      message: 'admission webhook "vw.example" denied the request: no',
      causes: [{ field: 'spec.selector', message: 'Invalid value: 1: field is immutable' }],
    },
  ],
  [
    'a policy that speaks of an immutable field',
    422,
    invalid(
      "deployments.apps \"api\" is forbidden: ValidatingAdmissionPolicy 'pol' with binding 'bind' denied request: field is immutable",
      [{ message: "ValidatingAdmissionPolicy 'pol' with binding 'bind' denied request: field is immutable" }],
    ),
    {
      status: 'refused',
      reason: 'other',
      message:
        "deployments.apps \"api\" is forbidden: ValidatingAdmissionPolicy 'pol' with binding 'bind' denied request: field is immutable",
      causes: [{ message: "ValidatingAdmissionPolicy 'pol' with binding 'bind' denied request: field is immutable" }],
    },
  ],
  [
    'a method that the kind does not have',
    405,
    {
      message: 'the server does not allow this method on the requested resource',
      reason: 'MethodNotAllowed',
      details: {},
    },
    {
      status: 'refused',
      reason: 'other',
      message: 'the server does not allow this method on the requested resource',
      causes: [],
    },
  ],
];

test.each(rows)(
  'an apply that is stopped by %s has one meaning and is not sent again',
  async (_what, code, status, meaning) => {
    const { cluster, server } = await openFake(() => statusAnswer(code, status));
    expect(await cluster.apply(DEPLOYMENT, deployment, {})).toEqual(meaning);
    expect(server.received).toHaveLength(1);
  },
);

test('an apply to an unknown group, a plain-text 404, is a missing kind', async () => {
  const { cluster } = await openFake(() => ({ status: 404, body: '404 page not found\n' }));
  expect(await cluster.apply(DEPLOYMENT, deployment, {})).toMatchObject({ status: 'refused', reason: 'kindMissing' });
});

test.each([
  ['an empty name', CONFIG_MAP, { name: '', namespace: 'shop' }, 'metadata.name'],
  ['a name that would reach a subresource', CONFIG_MAP, { name: 'a/scale', namespace: 'shop' }, 'metadata.name'],
  ['an escaped slash in the name', CONFIG_MAP, { name: 'a%2Fscale', namespace: 'shop' }, 'metadata.name'],
  ['a namespace that leads elsewhere', CONFIG_MAP, { name: 'a', namespace: '..' }, 'metadata.namespace'],
  ['no namespace for a namespaced kind', CONFIG_MAP, { name: 'a' }, 'metadata.namespace'],
  ['a cluster-scoped name with a slash', NAMESPACE, { name: 'a/finalize' }, 'metadata.name'],
])('an object with %s is refused without asking the server', async (_what, kind, metadata, field) => {
  const { cluster, server } = await openFake(() => ({ body: deployment }));
  const result = await cluster.apply(kind, { apiVersion: 'v1', kind: kind.kind, metadata }, {});
  expect(result).toMatchObject({ status: 'refused', reason: 'invalid', causes: [{ field }] });
  expect(server.received).toEqual([]);
});

test.each([
  ['JSON that ends early', '{"apiVersion": "apps/v1", "ki'],
  ['a web page', '<html>login</html>'],
  ['a JSON list', '[]'],
  ['JSON that is no object of Kubernetes', '{"hello": "world"}'],
])('an apply that is answered 200 with %s is an error', async (_what, body) => {
  const { cluster } = await openFake(() => ({ body }));
  await expect(cluster.apply(DEPLOYMENT, deployment, {})).rejects.toMatchObject({
    code: 'ApiServerRejected',
    message: expect.stringMatching(/^Deployment\/shop\/api: the API server answered/),
  });
});
