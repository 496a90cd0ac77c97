// In: the context of cdk.json and the bundles of the functions. Out: the templates, and for each cluster the objects that grant the deployer its permissions.
// May go wrong: an invalid context; then every problem is printed, and nothing is synthesized.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { rbacFiles } from './rbac.ts';
import { ContextError, readContext } from './read-context.ts';
import { addStacks } from './stacks.ts';

const DIST = fileURLToPath(new URL('../dist', import.meta.url));

try {
  const app = new App();
  const settings = readContext(app.node.tryGetContext('driftless'));
  addStacks(app, settings, join(DIST, 'functions'));
  // A violation of an AWS Solutions rule without a stated reason prevents the synthesis.
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  mkdirSync(join(DIST, 'rbac'), { recursive: true });
  for (const [name, yaml] of rbacFiles(settings)) writeFileSync(join(DIST, 'rbac', name), yaml);
  app.synth();
} catch (error) {
  if (!(error instanceof ContextError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
