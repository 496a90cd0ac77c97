import { awsFault } from '../../../lib/model/aws-fault.ts';

const fault = (name: string, status = 400) =>
  Object.assign(new Error('in other words'), { name, $metadata: { httpStatusCode: status } });

test.each([
  ['AccessDenied', 403],
  ['AccessDeniedException', 400],
  ['AuthorizationError', 403],
  ['CredentialsProviderError', undefined],
  ['DecryptionFailure', 400],
  ['ExpiredToken', 400],
  ['ExpiredTokenException', 400],
  ['IncompleteSignature', 400],
  ['InvalidClientTokenId', 403],
  ['InvalidSignatureException', 400],
  ['KMSAccessDeniedException', 502],
  ['KmsAccessDenied', 400],
  ['KMSDisabledException', 502],
  ['MissingAuthenticationTokenException', 400],
  ['SignatureDoesNotMatch', 403],
  ['UnrecognizedClientException', 400],
  ['Unknown', 403],
])('%s (%s) is denied', (name, status) => {
  expect(awsFault(fault(name, status))).toEqual({ kind: 'denied', words: `${name}: in other words` });
});

test.each([
  ['passing', 'ThrottlingException', 400],
  ['passing', 'KMSThrottlingException', 400],
  ['passing', 'TooManyRequestsException', 429],
  ['passing', 'InternalServerError', 500],
  ['passing', 'TimeoutError', undefined],
  ['passing', 'ServiceUnavailableException', 503],
  ['passing', 'RequestTimeout', 400],
  ['passing', 'NobodyKnows', 500],
  ['missing', 'ResourceNotFoundException', 404],
  ['missing', 'NotFound', 404],
  ['missing', 'NoSuchBucket', 404],
  ['invalid', 'ValidationException', 400],
  ['invalid', 'InvalidParameterValueException', 400],
  ['invalid', 'RequestTooLargeException', 413],
])('what is %s: %s (%s)', (kind, name, status) => {
  expect(awsFault(fault(name, status)).kind).toBe(kind);
});

test('a fault of the network is told by its code where it has no words', () => {
  const nobody = Object.assign(new Error(''), { code: 'ECONNREFUSED' });
  expect(awsFault(nobody)).toEqual({ kind: 'passing', words: 'ECONNREFUSED' });
  expect(awsFault('?')).toEqual({ kind: 'passing', words: '?' });
});
