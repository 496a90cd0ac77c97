import type { KubeCause } from '../../../../lib/kube/response/api-status.ts';
import { isImmutable } from '../../../../lib/kube/response/immutable.ts';

const invalid = (field: string, message: string): KubeCause => ({ reason: 'FieldValueInvalid', message, field });
const forbidden = (field: string, message: string): KubeCause => ({ reason: 'FieldValueForbidden', message, field });

const selector = invalid('spec.selector', 'Invalid value: {"matchLabels":{"a":"c"}}: field is immutable');

// The words are those of a 1.36 API server, but for the two that older ones have.
const rows: readonly (readonly [string, boolean, readonly KubeCause[]])[] = [
  ['the selector of a Deployment', true, [selector]],
  [
    'the cluster IP of a Service',
    true,
    [invalid('spec.clusterIPs[0]', 'Invalid value: ["10.0.0.77"]: may not change once set')],
  ],
  [
    'the template of a Job',
    true,
    [invalid('spec.template', 'Invalid value: {"Spec":{"Containers":null}}: field is immutable')],
  ],
  [
    'the service name of a StatefulSet',
    true,
    [
      forbidden(
        'spec',
        "Forbidden: updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template' are forbidden",
      ),
    ],
  ],
  [
    'the class of a PersistentVolumeClaim, with a diff',
    true,
    [
      forbidden(
        'spec',
        'Forbidden: spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims\n@@ -1,6 +1,6 @@\n',
      ),
    ],
  ],
  [
    'the source of a PersistentVolume',
    true,
    [
      forbidden(
        'spec.persistentvolumesource',
        'Forbidden: spec.persistentvolumesource is immutable after creation\n@@ -2,7 +2,7 @@',
      ),
    ],
  ],
  [
    'the contents of an immutable ConfigMap',
    true,
    [forbidden('data', 'Forbidden: field is immutable when `immutable` is set')],
  ],
  ['the type of a Secret', true, [invalid('type', 'Invalid value: "foo": field is immutable')]],
  [
    'the role of a RoleBinding',
    true,
    [invalid('roleRef', 'Invalid value: {"Kind":"ClusterRole","Name":"edit"}: cannot change roleRef')],
  ],
  [
    'three fields of a StorageClass',
    true,
    [
      invalid('provisioner', 'Invalid value: "y": field is immutable'),
      invalid('reclaimPolicy', 'Invalid value: "Retain": field is immutable'),
      forbidden('parameters', 'Forbidden: updates to parameters are forbidden.'),
    ],
  ],
  ['the value of a PriorityClass', true, [forbidden('value', 'Forbidden: may not be changed in an update.')]],
  [
    'the host name of a Pod',
    true,
    [
      forbidden(
        'spec',
        'Forbidden: pod updates may not change fields other than `spec.containers[*].image`\n@@ -162,7 +162,7 @@',
      ),
    ],
  ],
  ['a field that is set once', true, [invalid('spec.x', 'Invalid value: null: field cannot be modified once set')]],
  [
    'an immutable field beside a wrong one',
    false,
    [selector, invalid('spec.replicas', 'Invalid value: -1: must be greater than or equal to 0')],
  ],
  ['no cause at all', false, []],
  [
    'a cause without a field',
    false,
    [{ message: 'Invalid value: 1: field is immutable', reason: 'FieldValueInvalid' }],
  ],
  [
    'the uid, which a new object could not have either',
    false,
    [invalid('metadata.uid', 'Invalid value: "abc": field is immutable')],
  ],
  [
    'a value that has the words in it',
    false,
    [invalid('spec.note', 'Invalid value: "x: field is immutable": a valid note must be short')],
  ],
  [
    'a field that is forbidden for another reason',
    false,
    [forbidden('spec.hostNetwork', 'Forbidden: not allowed here')],
  ],
  ['the words under another type', false, [{ ...selector, reason: 'FieldValueRequired' }]],
];

test.each(rows)('%s: immutable is %s', (_what, expected, causes) => {
  const status = { kind: 'Status' as const, reason: 'Invalid', message: '', details: { causes: [...causes] } };
  expect(isImmutable(status)).toBe(expected);
});

test('only a 422 Invalid can prove an immutable field', () => {
  const status = { kind: 'Status' as const, reason: 'Forbidden', message: '', details: { causes: [selector] } };
  expect(isImmutable(status)).toBe(false);
});
