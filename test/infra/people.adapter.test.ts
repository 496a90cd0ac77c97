// Who gets in from the internet: forges without asking IAM, people by it and by nothing else.
import { createLive, type LivePorts } from '../../lib/api/live-routes.ts';
import { deployerOf, functionOf, ofType, only, type Resources, SYNTHESIS } from './synthesized.ts';

const resources = deployerOf('everything').Resources;
const narrow = deployerOf('own throttle').Resources;

const routes = ofType(resources, 'AWS::ApiGatewayV2::Route').map(({ Properties }) => Properties);
const PEOPLE = 'ANY /api/{proxy+}';
const LIVE = 'GET /live/{proxy+}';

test('only routes of webhooks are open, all others ask IAM', () => {
  expect(Object.fromEntries(routes.map((route) => [route['RouteKey'], route['AuthorizationType']]))).toEqual({
    'GET /healthz': 'NONE',
    'POST /webhooks/{forge}': 'NONE',
    [PEOPLE]: 'AWS_IAM',
    [LIVE]: 'AWS_IAM',
  });
});

test('what people ask goes to the function api, what forges deliver does not', () => {
  const integrations = Object.entries(resources).filter(([, { Type }]) => Type === 'AWS::ApiGatewayV2::Integration');
  const functionBehind = (key: string): unknown => {
    const target = JSON.stringify(routes.find((route) => route['RouteKey'] === key)?.['Target']);
    const [, integration] = integrations.find(([id]) => target.includes(`"${id}"`)) ?? [];
    const uri = JSON.stringify(integration?.Properties['IntegrationUri']);
    const [, found] = Object.entries(resources).find(([id]) => uri.includes(`"${id}"`)) ?? [];
    return found?.Properties['FunctionName'];
  };
  expect(routes.map((route) => [route['RouteKey'], functionBehind(String(route['RouteKey']))]).sort()).toEqual([
    [PEOPLE, 'driftless-api'],
    ['GET /healthz', 'driftless-webhook'],
    [LIVE, 'driftless-inspect'],
    ['POST /webhooks/{forge}', 'driftless-webhook'],
  ]);
});

test('people are throttled by themselves, and never above what the API is', () => {
  const settingsOf = (all: Resources) => only(all, 'AWS::ApiGatewayV2::Stage')['RouteSettings'];
  expect(settingsOf(resources)).toEqual({
    [PEOPLE]: { ThrottlingRateLimit: 20, ThrottlingBurstLimit: 40 },
    [LIVE]: { ThrottlingRateLimit: 10, ThrottlingBurstLimit: 20 },
  });
  expect(settingsOf(narrow)).toEqual({
    [PEOPLE]: { ThrottlingRateLimit: 5, ThrottlingBurstLimit: 10 },
    [LIVE]: { ThrottlingRateLimit: 5, ThrottlingBurstLimit: 10 },
  });
  const [route] = Object.entries(resources).find(([, { Properties }]) => Properties?.['RouteKey'] === PEOPLE) ?? [];
  expect(ofType(resources, 'AWS::ApiGatewayV2::Stage')[0]).toMatchObject({
    DependsOn: expect.arrayContaining([route]),
  });
});

test('the log of accesses tells who asked', () => {
  const { Format } = only(resources, 'AWS::ApiGatewayV2::Stage')['AccessLogSettings'] as { Format: string };
  expect(JSON.parse(Format)).toMatchObject({ caller: '$context.identity.userArn' });
});

test('the function answers before the HTTP API stops to wait', () => {
  expect(functionOf(resources, 'api')).toMatchObject({ Timeout: 29 });
});

describe('the policies for people', () => {
  const policies = ofType(resources, 'AWS::IAM::ManagedPolicy').map(({ Properties }) => Properties);
  const [api] = Object.entries(resources).find(([, { Type }]) => Type === 'AWS::ApiGatewayV2::Api') ?? [];
  const on = (method: string, path = 'api') => ({
    'Fn::Join': [
      '',
      [
        'arn:',
        { Ref: 'AWS::Partition' },
        ':execute-api:eu-central-1:111111111111:',
        { Ref: api },
        `/*/${method}/${path}/*`,
      ],
    ],
  });

  test('allow to look, or to give orders too, and nothing else', () => {
    const statement = (resource: unknown) => ({
      Statement: [{ Action: 'execute-api:Invoke', Effect: 'Allow', Resource: resource }],
    });
    expect(policies).toMatchObject([
      { ManagedPolicyName: 'driftless-eu-central-1-read', PolicyDocument: statement(on('GET')) },
      { ManagedPolicyName: 'driftless-eu-central-1-operate', PolicyDocument: statement([on('GET'), on('POST')]) },
      { ManagedPolicyName: 'driftless-eu-central-1-live', PolicyDocument: statement(on('GET', 'live')) },
    ]);
  });

  test('to look, or to give orders, reach no live object, log or event', () => {
    const paths = createLive(never).routes.map(({ method, path }) => ({
      method,
      path: `/live${path}`.replace(':name', 'a/b'),
    }));
    expect(paths.length).toBeGreaterThanOrEqual(5);
    const patternsOf = (policy: unknown): readonly string[] =>
      [...JSON.stringify(policy).matchAll(/"(\/\*\/[A-Z*]+\/[^"]*)"/g)].map(([, pattern = '']) => pattern);
    const reaches = (policy: unknown, { method, path }: { method: string; path: string }): boolean =>
      patternsOf(policy).some((pattern) => matchesWildcard(pattern, `/$default/${method}${path}`));
    const [read, operate, live] = policies;
    expect(reaches(operate, { method: 'POST', path: '/api/applications/a/b/sync' })).toBe(true);
    for (const path of paths.filter(({ method }) => method === 'GET')) {
      expect([path, reaches(read, path), reaches(operate, path), reaches(live, path)]).toEqual([
        path,
        false,
        false,
        true,
      ]);
    }
    expect(reaches(live, { method: 'GET', path: '/api/applications' })).toBe(false);
    expect(reaches(live, { method: 'POST', path: '/live/applications/a/diff' })).toBe(false);
  });

  test('are given to nobody by the stack', () => {
    for (const policy of policies)
      for (const given of ['Roles', 'Users', 'Groups']) expect(policy).not.toHaveProperty(given);
  });
});

test('a route without an authorizer that has no reason is found', () => {
  const { found } = SYNTHESIS.findings['a route without an authorizer'];
  expect(found.map(({ rule }) => rule)).toContain('AwsSolutions-APIG4');
});

/** Nothing is asked of it. */
const never: LivePorts = new Proxy(Object.create(null), {});

/** As IAM does it: `*` is any text, slashes included. */
function matchesWildcard(pattern: string, text: string): boolean {
  return new RegExp(
    `^${pattern
      .split('*')
      .map((part) => part.replaceAll(/[$.]/g, '\\$&'))
      .join('.*')}$`,
  ).test(text);
}
