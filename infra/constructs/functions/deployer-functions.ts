import { KubectlV36Layer } from '@aws-cdk/lambda-layer-kubectl-v36';
import { Annotations, Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Architecture, type FunctionOptions } from 'aws-cdk-lib/aws-lambda';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { FunctionName } from '../../../lib/config/env-names.ts';
import type { Settings } from '../../context.ts';
import { CLUSTER_FUNCTIONS, roleNameOf } from '../../targets.ts';
import type { Access } from '../access/grant.ts';
import { DeployerFunction, functionArn } from './deployer-function.ts';
import { FUNCTION_TABLE } from './function-table.ts';
import { WorkerNetwork } from './worker-network.ts';

type Options = { readonly settings: Settings; readonly bundles: string; readonly deadLetters: Queue };

/** The alias that starts operations: a deployment moves it, and running operations stay on their version. */
const LIVE = 'live';

/** All functions, with permissions for their logs only. */
export class DeployerFunctions extends Construct {
  readonly webhook: DeployerFunction;
  readonly sync: DeployerFunction;
  readonly render: DeployerFunction;
  readonly drift: DeployerFunction;
  readonly sweep: DeployerFunction;
  readonly alarm: DeployerFunction;
  readonly api: DeployerFunction;
  readonly inspect: DeployerFunction;
  /** Only where clusters are private. */
  readonly worker: DeployerFunction | undefined;
  readonly network: WorkerNetwork | undefined;
  readonly #options: Options;

  constructor(scope: Construct, id: string, options: Options) {
    super(scope, id);
    this.#options = options;
    const { worker, clusters } = options.settings;
    this.webhook = this.#make('webhook');
    this.sync = this.#makeSync();
    this.render = this.#make('render', {
      // The programs of the layer are made for this architecture.
      architecture: Architecture.X86_64,
      layers: [new KubectlV36Layer(this, 'Tools')],
    }).allow({ environment: { tools: '/opt' } });
    this.drift = this.#make('drift');
    this.sweep = this.#make('sweep');
    this.alarm = this.#make('alarm');
    this.api = this.#make('api');
    this.inspect = this.#make('inspect');
    if (worker === undefined) return;
    this.network = new WorkerNetwork(this, 'Network', { worker, clusters });
    this.worker = this.#make('worker', this.network.place()).allow(this.network.access());
  }

  /** All of them. */
  get all(): readonly DeployerFunction[] {
    const { webhook, sync, render, drift, sweep, alarm, api, inspect, worker } = this;
    return [webhook, sync, render, drift, sweep, alarm, api, inspect, ...(worker === undefined ? [] : [worker])];
  }

  /** To start operations, on the version that is live. */
  start(): Access {
    const arn = functionArn(this, this.sync.name, LIVE);
    return {
      environment: { syncFunction: arn },
      statements: [{ actions: ['lambda:InvokeFunction'], resources: [arn] }],
    };
  }

  /** To call one of the others; where there is no worker, nothing. */
  call(which: 'render' | 'drift' | 'sweep' | 'worker'): Access {
    const name = this[which]?.name;
    if (name === undefined) return {};
    return {
      environment: { [`${which}Function` as const]: name },
      statements: [{ actions: ['lambda:InvokeFunction'], resources: [functionArn(this, name)] }],
    };
  }

  /** What the function inspect calls. */
  inspected(): readonly Access[] {
    return [this.call('render'), this.call('drift'), this.call('worker')];
  }

  /** Lambda can make a function durable only at its creation. */
  #makeSync(): DeployerFunction {
    const sync = this.#make('sync', {
      durableConfig: { executionTimeout: Duration.hours(24), retentionPeriod: Duration.days(14) },
      // Executions finish on the version that they began on, so versions are not deleted.
      currentVersionOptions: { removalPolicy: RemovalPolicy.RETAIN },
    });
    const executions = `${functionArn(this, sync.name)}:*`;
    sync.lambda.addAlias(LIVE);
    // It warns of functions that become durable later, which this one does not.
    Annotations.of(sync).acknowledgeInfo('aws-lambda:Function.DurableConfig');
    return sync.allow({
      statements: [
        { actions: ['lambda:CheckpointDurableExecution', 'lambda:GetDurableExecutionState'], resources: [executions] },
      ],
    });
  }

  #make(name: FunctionName, more: FunctionOptions = {}): DeployerFunction {
    const { settings, bundles, deadLetters } = this.#options;
    const { takes, ...row } = FUNCTION_TABLE[name];
    const isRetried = takes === 'events' && more.durableConfig === undefined;
    const foreign = CLUSTER_FUNCTIONS.find((one) => one === name);
    return new DeployerFunction(this, {
      name,
      prefix: settings.name,
      bundles,
      logRetentionDays: settings.logRetentionDays,
      ...(foreign !== undefined && { roleName: roleNameOf(settings, foreign) }),
      more: {
        ...row,
        ...(takes === 'events' && { deadLetterQueue: deadLetters }),
        ...(isRetried && { retryAttempts: 2, maxEventAge: Duration.hours(1) }),
        ...more,
      },
    });
  }
}
