import { runCommand } from './run-command.ts';
import { settleOutput } from './text/output.ts';

const settled = settleOutput();
const exitCode = await runCommand(process.argv.slice(2));
await settled();
// Durable operations that were stopped between two steps never return; they end with the process.
process.exit(exitCode);
