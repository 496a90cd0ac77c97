import { DriftlessError, type ErrorCode } from '../../../lib/errors.ts';
import { errorBody, statusOf } from '../../../lib/webhook/error-reply.ts';

const SECRET_ARN = 'secret "arn:aws:secretsmanager:eu-central-1:1:secret:hooks": AccessDeniedException';

test.each<[ErrorCode, number]>([
  ['AwsUnavailable', 503],
  ['AwsAccessDenied', 500],
  ['SecretInvalid', 500],
  ['Internal', 500],
])('%s answers %i without a word of the account', (code, status) => {
  const error = new DriftlessError(code, SECRET_ARN);
  expect(statusOf(error)).toBe(status);
  const message = 'the delivery could not be handled; the log has the reason';
  expect(errorBody(error)).toEqual({ error: { code, message } });
});

test('an error of the sender is returned with its remedy', () => {
  const error = new DriftlessError('SignatureMismatch', 'github delivery: the signature is another one');
  expect(errorBody(error).error.message).toBe(
    'github delivery: the signature is another one; compare the secret of the webhook with the configured one',
  );
});
