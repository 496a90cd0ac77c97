import { type App, Tags } from 'aws-cdk-lib';
import type { Settings } from './context.ts';
import { DriftlessStack } from './driftless-stack.ts';
import { TargetStack } from './target-stack.ts';
import { targetsOf } from './targets.ts';

/** Adds the deployer's stack, and one for each account and region beside it. */
export function addStacks(app: App, settings: Settings, bundles: string): DriftlessStack {
  const deployer = new DriftlessStack(app, settings, bundles);
  for (const target of targetsOf(settings)) new TargetStack(app, settings, target).addStackDependency(deployer);
  Tags.of(app).add('application', settings.name);
  return deployer;
}
