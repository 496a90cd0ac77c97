// Who gets in from the internet: forges without asking IAM, people by it and by nothing else.
import { Stack } from 'aws-cdk-lib';
import { HttpApi, HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpUrlIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { AwsSolutionsChecks } from 'cdk-nag';
import { FULL } from './contexts.ts';
import { emptyApp, functionOf, ofType, only, type Resources, synthesize } from './synthesized.ts';

const resources: Resources = synthesize(FULL)['driftless'] ?? {};
const narrow: Resources = synthesize({ ...FULL, throttle: { rate: 5, burst: 10 } })['driftless'] ?? {};

const routes = ofType(resources, 'AWS::ApiGatewayV2::Route').map(({ Properties }) => Properties);
const PEOPLE = 'ANY /api/{proxy+}';

test('only routes of webhooks are open, all others ask IAM', () => {
  expect(Object.fromEntries(routes.map((route) => [route['RouteKey'], route['AuthorizationType']]))).toEqual({
    'GET /healthz': 'NONE',
    'POST /webhooks/{forge}': 'NONE',
    [PEOPLE]: 'AWS_IAM',
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
    ['POST /webhooks/{forge}', 'driftless-webhook'],
  ]);
});

test('people are throttled by themselves, and never above what the API is', () => {
  const settingsOf = (all: Resources) => only(all, 'AWS::ApiGatewayV2::Stage')['RouteSettings'];
  expect(settingsOf(resources)).toEqual({ [PEOPLE]: { ThrottlingRateLimit: 20, ThrottlingBurstLimit: 40 } });
  expect(settingsOf(narrow)).toEqual({ [PEOPLE]: { ThrottlingRateLimit: 5, ThrottlingBurstLimit: 10 } });
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
  const on = (method: string) => ({
    'Fn::Join': [
      '',
      [
        'arn:',
        { Ref: 'AWS::Partition' },
        ':execute-api:eu-central-1:111111111111:',
        { Ref: api },
        `/*/${method}/api/*`,
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
    ]);
  });

  test('are given to nobody by the stack', () => {
    for (const policy of policies)
      for (const given of ['Roles', 'Users', 'Groups']) expect(policy).not.toHaveProperty(given);
  });
});

test('a route without an authorizer that has no reason is found', () => {
  const stack = new Stack(emptyApp(), 'open');
  const integration = new HttpUrlIntegration('Elsewhere', 'https://example.com');
  new HttpApi(stack, 'Api').addRoutes({ path: '/api/{proxy+}', methods: [HttpMethod.ANY], integration });
  const { violations } = new AwsSolutionsChecks(stack).validateScope(stack);
  expect(violations.map(({ ruleName }) => ruleName)).toContain('AwsSolutions-APIG4');
});
