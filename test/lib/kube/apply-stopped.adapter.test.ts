import type { ApplyResult } from '../../../lib/model/cluster-api.ts';
import { statusAnswer } from '../../fakes/api-server.ts';
import { DEPLOYMENT, objectOf, openFake } from './fake-cluster.ts';

const deployment = objectOf(DEPLOYMENT, 'api');

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
