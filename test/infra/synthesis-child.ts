// In: a path. Out: a file there with the stacks of every context and what the checks find. A process of its own, since jest links the thousand modules of
// the CDK for each file. Bundles are empty, assets are not copied, and nothing is asked of any network.
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { HttpApi, HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpUrlIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { AwsSolutionsChecks } from 'cdk-nag';
import type { IConstruct } from 'constructs';
import { readContext } from '../../infra/read-context.ts';
import { addStacks } from '../../infra/stacks.ts';
import { acknowledgeWildcards, WILDCARDS, wildcardFor, wildcardsIn } from '../../infra/wildcards.ts';
import { FUNCTIONS } from '../../lib/config/env-names.ts';
import { CDK_JSON, CONTEXTS } from './contexts.ts';
import type { Findings, StackTemplate, Synthesis } from './synthesized.ts';

const folder = mkdtempSync(join(tmpdir(), 'driftless-infra-'));

function appOf(name: string, context: unknown): App {
  const app = new App({
    outdir: join(folder, name, 'cdk.out'),
    treeMetadata: false,
    analyticsReporting: false,
    context: { ...CDK_JSON.context, 'aws:cdk:disable-asset-staging': true },
  });
  addStacks(app, readContext(context), join(folder, 'functions'));
  return app;
}

function writeEmptyBundles(): void {
  for (const name of FUNCTIONS) {
    mkdirSync(join(folder, 'functions', name), { recursive: true });
    writeFileSync(join(folder, 'functions', name, 'index.mjs'), 'export const handler = async () => {};\n');
  }
}

/** What the rules of AWS Solutions find. */
function findings(scope: IConstruct): Findings {
  const { success, violations } = new AwsSolutionsChecks(scope).validateScope(scope);
  const found = violations.map(({ ruleName, violatingResources }) => ({
    rule: ruleName,
    resources: violatingResources.map(({ constructPath }) => constructPath ?? ''),
  }));
  return { success, found };
}

function wideRight(): Stack {
  const stack = new Stack(new App({ outdir: join(folder, 'wide') }), 'wide');
  const role = new Role(stack, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
  role.addToPolicy(new PolicyStatement({ actions: ['s3:GetObject'], resources: ['*'] }));
  acknowledgeWildcards(stack);
  return stack;
}

function openRoute(): Stack {
  const stack = new Stack(new App({ outdir: join(folder, 'open') }), 'open');
  const integration = new HttpUrlIntegration('Elsewhere', 'https://example.com');
  new HttpApi(stack, 'Api').addRoutes({ path: '/api/{proxy+}', methods: [HttpMethod.ANY], integration });
  return stack;
}

/** What CloudFormation would say about resources that wait for each other, if they do. */
function circleIn(template: object): string | undefined {
  try {
    Template.fromJSON(template);
    return;
  } catch (error) {
    return String(error);
  }
}

function wildcards(stacks: readonly StackTemplate[]): Synthesis['wildcards'] {
  const policies = stacks
    .flatMap(({ Resources }) => Object.values(Resources))
    .filter(({ Type }) => Type === 'AWS::IAM::Policy' || Type === 'AWS::IAM::ManagedPolicy');
  const rights = policies.flatMap(({ Properties }) => wildcardsIn(Properties['PolicyDocument']));
  const reasons = new Set(rights.map(({ actions, resource }) => wildcardFor(actions, resource)));
  return {
    found: rights.length,
    withoutReason: rights.filter(({ actions, resource }) => wildcardFor(actions, resource) === undefined),
    withoutRight: WILDCARDS.filter((row) => !reasons.has(row)),
  };
}

function synthesis(): Synthesis {
  writeEmptyBundles();
  const apps = Object.entries(CONTEXTS).map(([name, context]) => [name, appOf(name, context)] as const);
  const stacks = apps.map(([name, app]): [string, Record<string, StackTemplate>] => [
    name,
    Object.fromEntries(app.synth().stacks.map(({ stackName, template }) => [stackName, template])),
  ]);
  const everything = Object.values(stacks.find(([name]) => name === 'everything')?.[1] ?? {});
  const waits = (on: string) => ({ Type: 'AWS::SNS::Topic', DependsOn: [on] });
  return {
    stacks: Object.fromEntries(stacks) as Synthesis['stacks'],
    findings: {
      ...Object.fromEntries(
        apps
          .filter(([name]) => name === 'everything' || name === 'example')
          .map(([name, app]) => [name, findings(app)]),
      ),
      'a right that is too wide': findings(wideRight()),
      'a route without an authorizer': findings(openRoute()),
    } as Synthesis['findings'],
    wildcards: wildcards(everything),
    circles: {
      everything: everything.flatMap(({ Resources }) => circleIn({ Resources }) ?? []),
      'two topics': [circleIn({ Resources: { A: waits('B'), B: waits('A') } }) ?? ''],
    },
  };
}

const [, , path = ''] = process.argv;
try {
  mkdirSync(dirname(path), { recursive: true });
  // In one step, since another worker may read it.
  writeFileSync(`${path}.${process.pid}`, JSON.stringify(synthesis()));
  renameSync(`${path}.${process.pid}`, path);
} finally {
  rmSync(folder, { recursive: true });
}
