// In: a response that does not come from the deployer. Out: its meaning as a response of an AWS HTTP API, and the remedy; undefined for any other response.
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

/** The problem of a request that was refused before it reached the deployer, or that could not be forwarded. */
export function gatewayProblem({ url, method, status, answer, isSigned }: Answered): DriftlessError | undefined {
  const { success, data } = Gateway.safeParse(answer);
  if (!success || url.protocol !== 'https:') return undefined;
  const said = firstSentence(data);
  const isRefused = status === 401 || status === 403;
  if (isRefused && !isSigned)
    return new DriftlessError(
      'AwsAccessDenied',
      `${url.origin}: requires signed requests (${said}); set its AWS region with --region or DRIFTLESS_REGION`,
    );
  if (isRefused)
    return new DriftlessError(
      'AwsAccessDenied',
      `${url.origin}: ${method} ${url.pathname} is forbidden (${said}); you need execute-api:Invoke on it, which the policy in the stack's output ${policyFor(method)} allows`,
    );
  if (status === 429)
    return new DriftlessError(
      'DeployerUnreachable',
      `${url.origin}: too many requests (${said}); try again in a few seconds`,
    );
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
