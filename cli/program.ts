// The command line as it is documented: verbs, arguments, options. A verb returns its exit code; the caller handles what it throws.
import { styleText } from 'node:util';
import { Command, Help, type Option } from 'commander';
import type { Format } from './text/output.ts';
import { declareAdopt } from './verbs/adopt/declare.ts';
import { declareCompletion } from './verbs/completion/declare.ts';
import { declareConnect } from './verbs/connect/declare.ts';
import { declareCost } from './verbs/cost/declare.ts';
import { declareDelete } from './verbs/delete/declare.ts';
import { declareDemo } from './verbs/demo/declare.ts';
import { declareDev } from './verbs/dev/declare.ts';
import { declareDiff } from './verbs/diff/declare.ts';
import { declareDrift } from './verbs/drift/declare.ts';
import { declareEvents } from './verbs/events/declare.ts';
import { declareGet } from './verbs/get/declare.ts';
import { declareHealth } from './verbs/health/declare.ts';
import { declareHistory } from './verbs/history/declare.ts';
import { declareLogs } from './verbs/logs/declare.ts';
import { declareOrphans } from './verbs/orphans/declare.ts';
import { declarePlan } from './verbs/plan/declare.ts';
import { declareRbac } from './verbs/rbac/declare.ts';
import { declareRefresh } from './verbs/refresh/declare.ts';
import { declareRender } from './verbs/render/declare.ts';
import { declareResume } from './verbs/resume/declare.ts';
import { declareRollback } from './verbs/rollback/declare.ts';
import { declareSchema } from './verbs/schema/declare.ts';
import { declareStatus } from './verbs/status/declare.ts';
import { declareSuspend } from './verbs/suspend/declare.ts';
import { declareSync } from './verbs/sync/declare.ts';
import { declareTerminate } from './verbs/terminate/declare.ts';
import { declareTree } from './verbs/tree/declare.ts';
import { declareValidate } from './verbs/validate/declare.ts';
import type { Declare, Finish } from './verbs/verb.ts';
import { declareWait } from './verbs/wait/declare.ts';
import { VERSION } from './version.ts';

const EXIT_CODES = `
Exit codes:
  0  what was looked at is well, or progressing
  1  something is not well: out of sync, unhealthy, drifted, orphaned, to be changed, behind Git
  2  an error, also of the command line; something is refused; something could not be looked at
The worst that was seen decides. With -o json or yaml, an error is one line of JSON on standard error.

Examples:
  driftless demo                          show everything on this machine
  driftless validate deploy               check configuration files
  driftless plan deploy/prod --name shop  print what a deployment would change
  driftless status                        print the status of all applications
  driftless completion bash               print a completion script

Paths are relative to the current folder. docs/cli.md documents every verb and option.`;

/** All verbs, in the order of the help. */
const VERBS: readonly Declare[] = [
  declareValidate,
  declareSchema,
  declareRbac,
  declareRender,
  declarePlan,
  declareHealth,
  declareDev,
  declareDemo,
  declareStatus,
  declareGet,
  declareTree,
  declareDiff,
  declareLogs,
  declareEvents,
  declareHistory,
  declareDrift,
  declareOrphans,
  declareRefresh,
  declareSync,
  declareWait,
  declareTerminate,
  declareAdopt,
  declareRollback,
  declareSuspend,
  declareResume,
  declareDelete,
  declareConnect,
  declareCost,
  declareCompletion,
];

/** Marks required options, which the usage line does not show. */
function describeOption(option: Option): string {
  const description = new Help().optionDescription(option);
  return option.mandatory && option.defaultValue === undefined ? `${description} (required)` : description;
}

/** Makes the command line. The code of a verb is loaded when it runs; its exit code is passed to `finish`. Its own errors are printed as text only. */
export function createProgram(finish: Finish, errors: Format = 'text'): Command {
  const program = new Command('driftless')
    .description('Serverless GitOps for Amazon EKS')
    .version(VERSION, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand('help [verb]', 'print the help of a verb')
    // Commander removes the style where colour is off.
    .configureHelp({
      optionDescription: describeOption,
      styleTitle: (title) => styleText('bold', title, { validateStream: false }),
    })
    .addHelpText('after', EXIT_CODES)
    .showHelpAfterError('hint: driftless --help lists the verbs')
    .exitOverride();
  if (errors !== 'text') program.configureOutput({ writeErr: () => undefined });
  for (const declare of VERBS) declare(program, finish);
  return program;
}
