// In: an answer that the deployer has not given. Out: what the HTTP API of AWS means by it, and what to do; undefined where it is none of an HTTP API.
import { z } from 'zod';
import { OUTPUTS } from '../../lib/config/env-names.ts';
import { DriftlessError } from '../../lib/errors.ts';

type Answered = {
  readonly url: URL;
  readonly method: 'GET' | 'POST';
  readonly status: number;
  readonly answer: unknown;
  readonly isSigned: boolean;
};

/** `{"message":"Forbidden"}`; what policies refuse is written with a capital now and then. */
const Gateway = z.union([
  z.object({ message: z.string() }).transform(({ message }) => message),
  z.object({ Message: z.string() }).transform(({ Message }) => Message),
]);

/** What refused a request before the deployer has heard of it, or failed to hand it over. */
export function gatewayProblem({ url, method, status, answer, isSigned }: Answered): DriftlessError | undefined {
  const { success, data } = Gateway.safeParse(answer);
  if (!success || url.protocol !== 'https:') return undefined;
  const said = firstSentence(data);
  const isRefused = status === 401 || status === 403;
  if (isRefused && !isSigned)
    return new DriftlessError(
      'AwsAccessDenied',
      `${url.origin}: wants to know who asks (${said}); name its region of AWS, so that requests are signed, in --region or DRIFTLESS_REGION`,
    );
  if (isRefused)
    return new DriftlessError(
      'AwsAccessDenied',
      `${url.origin}: ${method} ${url.pathname} is not for you (${said}); you need execute-api:Invoke on it, which the policy of the stack's output ${policyFor(method)} allows`,
    );
  if (status === 429)
    return new DriftlessError('DeployerUnreachable', `${url.origin}: is asked too often (${said}); wait a moment`);
  if (status >= 500)
    return new DriftlessError(
      'DeployerUnreachable',
      `${url.origin}: HTTP ${status} (${said}); read the log of its function api`,
    );
  return undefined;
}

function policyFor(method: Answered['method']): string {
  return method === 'GET' ? OUTPUTS.readPolicy : OUTPUTS.operatePolicy;
}

/** What may follow on it quotes the request, with its session token. */
function firstSentence(message: string): string {
  return (message.split(/\.(?=\s|$)|\n/)[0] ?? '').slice(0, 200);
}
