// The command line as it is documented: verbs, arguments, options. What a verb returns is the exit code; what it throws is for the caller.
import { Command } from 'commander';
import { declareConnect } from './verbs/connect/declare.ts';
import { declareCost } from './verbs/cost/declare.ts';
import { declareDemo } from './verbs/demo/declare.ts';
import { declareDev } from './verbs/dev/declare.ts';
import { declareDrift } from './verbs/drift/declare.ts';
import { declareHealth } from './verbs/health/declare.ts';
import { declareHistory } from './verbs/history/declare.ts';
import { declarePlan } from './verbs/plan/declare.ts';
import { declareRender } from './verbs/render/declare.ts';
import { declareResume } from './verbs/resume/declare.ts';
import { declareRollback } from './verbs/rollback/declare.ts';
import { declareSchema } from './verbs/schema/declare.ts';
import { declareStatus } from './verbs/status/declare.ts';
import { declareSuspend } from './verbs/suspend/declare.ts';
import { declareSync } from './verbs/sync/declare.ts';
import { declareValidate } from './verbs/validate/declare.ts';
import type { Declare, Finish } from './verbs/verb.ts';
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
