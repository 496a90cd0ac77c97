import { CommanderError } from 'commander';
import { createProgram } from './program.ts';
import { EXIT, printError, settleOutput } from './text/output.ts';

/** Runs the verb of the command line; gives the exit code. */
async function run(): Promise<number> {
  let exitCode: number = EXIT.ok;
  const program = createProgram((code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync();
    return exitCode;
  } catch (error) {
    // Commander has printed its errors, and help, itself.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.error;
    printError(error);
    return EXIT.error;
  }
}

const settled = settleOutput();
const exitCode = await run();
await settled();
// Durable operations that were stopped between two steps never return; they end with the process.
process.exit(exitCode);
