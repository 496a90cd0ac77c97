import { clusterTargets } from './cluster-targets.ts';
import { configTargets } from './config-targets.ts';
import { gitTargets } from './git-targets.ts';
import { renderTargets } from './render-targets.ts';
import type { Target } from './target.ts';
import { webhookTargets } from './webhook-targets.ts';

/** Everything that is fuzzed. */
export const TARGETS: readonly Target[] = [
  ...webhookTargets,
  ...gitTargets,
  ...renderTargets,
  ...configTargets,
  ...clusterTargets,
];
