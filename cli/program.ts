// The command line as it is documented: verbs, arguments, options. What a verb returns is the exit code; what it throws is for the caller.
import { Command } from 'commander';
import { declareConnect } from './declare/connect.ts';
import { declareCost } from './declare/cost.ts';
import { declareDemo } from './declare/demo.ts';
import { declareDev } from './declare/dev.ts';
import { declareDrift } from './declare/drift.ts';
import { declareHealth } from './declare/health.ts';
import { declareHistory } from './declare/history.ts';
import { declarePlan } from './declare/plan.ts';
import { declareRender } from './declare/render.ts';
import { declareResume } from './declare/resume.ts';
import { declareRollback } from './declare/rollback.ts';
import { declareSchema } from './declare/schema.ts';
import { declareStatus } from './declare/status.ts';
import { declareSuspend } from './declare/suspend.ts';
import { declareSync } from './declare/sync.ts';
import { declareValidate } from './declare/validate.ts';
import type { Declare, Finish } from './declare/verb.ts';
import { VERSION } from './version.ts';

const EXIT_CODES = `
Exit codes:
  0  nothing to report
  1  plan, drift: there are differences; health, status: something is not well
  2  an error, also of the command line

Paths are relative to the folder that the command is called from.
Every verb and option is explained in docs/cli.md.`;

/** All verbs, in the order of the help. */
const VERBS: readonly Declare[] = [
  declareValidate,
  declareSchema,
  declareRender,
  declarePlan,
  declareHealth,
  declareDev,
  declareDemo,
  declareStatus,
  declareHistory,
  declareDrift,
  declareSync,
  declareRollback,
  declareSuspend,
  declareResume,
  declareConnect,
  declareCost,
];

/** Makes the command line; each verb's code is loaded when it runs, and its exit code handed to `finish`. */
export function createProgram(finish: Finish): Command {
  const program = new Command('driftless')
    .description('Serverless GitOps for Amazon EKS')
    .version(VERSION, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand('help [verb]', 'print the help of a verb')
    .addHelpText('after', EXIT_CODES)
    .showHelpAfterError('hint: driftless --help lists the verbs')
    .exitOverride();
  for (const declare of VERBS) declare(program, finish);
  return program;
}
