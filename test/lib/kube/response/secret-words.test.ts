import fc from 'fast-check';
import { readStatus } from '../../../../lib/kube/response/api-status.ts';
import { safeMessage } from '../../../../lib/kube/response/safe-message.ts';
import { CONFIG_MAP, SECRET } from '../fake-cluster.ts';

const CANARY = 'hunter2';

function words(status: Readonly<Record<string, unknown>>, kind = SECRET) {
  const parsed = readStatus({ kind: 'Status', ...status });
  if (parsed === undefined) throw new Error('not a Status');
  return safeMessage(parsed, kind);
}

const typed = 'failed to create typed patch object (shop/s; /v1, Kind=Secret): ';

test.each([
  [
    'a value of the wrong type',
    { message: `${typed}.stringData.a: expected string, got &value.valueUnstructured{Value:"${CANARY}"}` },
    { message: 'stringData.a: expected string', causes: [{ field: 'stringData.a', message: 'expected string' }] },
  ],
  [
    'several of them',
    { message: `${typed}errors:\n  .data: expected map, got &{${CANARY}}\n  .nope: field not declared in schema` },
    {
      message: 'data: expected map; nope: field not declared in schema',
      causes: [
        { field: 'data', message: 'expected map' },
        { field: 'nope', message: 'field not declared in schema' },
      ],
    },
  ],
  [
    'bad base64',
    {
      message:
        'failed to convert new object (shop/s; /v1, Kind=Secret) to proper version: unable to convert unstructured object to /v1, Kind=Secret: error decoding from json: illegal base64 data at input byte 7',
    },
    { message: 'illegal base64 data', causes: [] },
  ],
  [
    'a label that is none',
    {
      message: `Secret "s" is invalid: metadata.labels: Invalid value: "${CANARY}"`,
      reason: 'Invalid',
      details: {
        causes: [
          {
            reason: 'FieldValueInvalid',
            message: `Invalid value: "${CANARY}": a valid label must be`,
            field: 'metadata.labels',
          },
        ],
      },
    },
    { message: 'metadata.labels: invalid value', causes: [{ field: 'metadata.labels', message: 'invalid value' }] },
  ],
  [
    'contents that may not change',
    {
      message: 'Secret "s" is invalid: data: Forbidden: field is immutable when `immutable` is set',
      reason: 'Invalid',
      details: {
        causes: [
          {
            reason: 'FieldValueForbidden',
            message: 'Forbidden: field is immutable when `immutable` is set',
            field: 'data',
          },
        ],
      },
    },
    {
      message: 'data: field is immutable when `immutable` is set',
      causes: [{ field: 'data', message: 'field is immutable when `immutable` is set' }],
    },
  ],
  [
    'a webhook that repeats the object',
    { message: `admission webhook "vw.example" denied the request: password ${CANARY} is too short` },
    { message: 'admission webhook "vw.example" denied the request', causes: [] },
  ],
  [
    'a policy that repeats the object',
    {
      message: `secrets "s" is forbidden: ValidatingAdmissionPolicy 'p' with binding 'b' denied request: ${CANARY}`,
      details: { causes: [{ message: `ValidatingAdmissionPolicy 'p' with binding 'b' denied request: ${CANARY}` }] },
    },
    {
      message: "ValidatingAdmissionPolicy 'p' with binding 'b' denied request",
      causes: [{ message: "ValidatingAdmissionPolicy 'p' with binding 'b' denied request" }],
    },
  ],
  [
    'RBAC',
    {
      message:
        'secrets "s" is forbidden: User "joe" cannot patch resource "secrets" in API group "" in the namespace "shop"',
    },
    {
      message:
        'secrets "s" is forbidden: User "joe" cannot patch resource "secrets" in API group "" in the namespace "shop"',
      causes: [],
    },
  ],
  [
    'words that nobody knows',
    { message: `something new about ${CANARY}` },
    { message: expect.stringContaining('withheld'), causes: [] },
  ],
])('about a Secret, %s is told without its value (security case 27)', (_what, status, expected) => {
  const told = words(status);
  expect(told).toEqual(expected);
  expect(JSON.stringify(told)).not.toContain(CANARY);
});

test('whatever is quoted about a Secret, the value is not told (security case 27)', () => {
  fc.assert(
    fc.property(
      fc.string({ minLength: 4 }),
      fc.constantFrom('FieldValueInvalid', 'FieldValueNew', undefined),
      (noise, reason) => {
        const value = `${CANARY}${noise}`;
        const told = words({
          message: `Secret "s" is invalid: ${value}`,
          details: {
            causes: [
              {
                message: `Invalid value: ${JSON.stringify(value)}: ${value}`,
                field: 'data[a]',
                ...(reason && { reason }),
              },
            ],
          },
        });
        expect(JSON.stringify(told)).not.toContain(CANARY);
      },
    ),
  );
});

test('about other kinds a value of the wrong type is quoted without the types of Go', () => {
  const message = 'errors:\n  .data.a: expected string, got &value.valueUnstructured{Value:1}';
  expect(
    words({ message: `failed to create typed patch object (shop/s; /v1, Kind=ConfigMap): ${message}` }, CONFIG_MAP),
  ).toMatchObject({ causes: [{ field: 'data.a', message: 'expected string, got 1' }] });
});

test('about other kinds the server is quoted, shortened in the middle', () => {
  const long = `Job.batch "j" is invalid: spec.template: Invalid value: ${'x'.repeat(5000)}: field is immutable`;
  const { message } = words({ message: long }, CONFIG_MAP);
  expect(message.length).toBeLessThan(1100);
  expect(message).toMatch(/^Job\.batch "j" is invalid: spec\.template: .* … x+: field is immutable$/);
});
