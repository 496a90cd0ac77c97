// In: the words of a command line. Out: its exit code; the verb has printed its result, or its error in the form that was asked for.
import { CommanderError } from 'commander';
import { DriftlessError } from '../lib/errors.ts';
import { foreignVerb } from './foreign-words.ts';
import { createProgram } from './program.ts';
import { EXIT, type Format, printError } from './text/output.ts';

/** Runs the verb of a command line. */
export async function runCommand(args: readonly string[]): Promise<number> {
  const format = formatOf(args);
  const foreign = foreignVerb(args);
  if (foreign !== undefined) {
    printError(foreign, format);
    return EXIT.error;
  }
  let exitCode: number = EXIT.ok;
  const program = createProgram((code) => {
    exitCode = code;
  }, format);
  try {
    await program.parseAsync(args, { from: 'user' });
    return exitCode;
  } catch (error) {
    if (!(error instanceof CommanderError)) printError(error, format);
    else if (error.exitCode === 0) return EXIT.ok;
    // Commander has printed its errors as text itself.
    else if (format !== 'text') printError(usageError(error), format);
    return EXIT.error;
  }
}

/** What `-o` names, before the command line is known to be right. */
function formatOf(args: readonly string[]): Format {
  const words = args.slice(0, args.includes('--') ? args.indexOf('--') : args.length);
  const named = words.flatMap((word, place) => {
    const value = /^(?:--output=|-o=?)(.+)$/.exec(word)?.[1];
    return value ?? (word === '-o' || word === '--output' ? (words[place + 1] ?? []) : []);
  });
  const last = named.at(-1);
  return last === 'json' || last === 'yaml' ? last : 'text';
}

function usageError({ message }: CommanderError): DriftlessError {
  return new DriftlessError('UsageInvalid', message.replace(/^error: /, '').replaceAll('\n', ' '));
}
