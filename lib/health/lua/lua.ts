// In: a check of Argo CD, and the object that it sees as `obj`. Out: what it returns, as plain data. The check runs in real Lua, compiled to WebAssembly: it
// has memory of its own, and no function or object of the host is in there. May throw what the check gets wrong, or LimitExceeded.
import { LuaFactory } from 'wasmoon';
import { z } from 'zod';
import { LimitExceeded, withinTime } from '../within-time.ts';
import { luaLiteral } from './literal.ts';
import { SANDBOX } from './sandbox.ts';

/** `now` is in milliseconds since 1970. */
type LuaProgram = (object: unknown, now: number) => unknown;

type Interpreter = {
  readonly problem: (program: string) => unknown;
  readonly judge: (program: string, object: string, now: number) => unknown;
};

/** How long one evaluation may take; an ordinary one takes 0.3 ms. Argo CD allows 1 s, for each object. */
const TIMEOUT_MS = 500;

/** The largest object takes about 10 MB. */
const MAX_BYTES = 32_000_000;

const Outcome = z.object({
  value: z.unknown().optional(),
  error: z.string().optional(),
  isTooLarge: z.boolean().optional(),
});

/** All programs share an interpreter, which takes 50 ms to start. One that runs too long takes it along, so there is a second one. */
const interpreters: Interpreter[] = [];
const KEPT = 2;

/** What reads programs. */
export async function openLua(): Promise<(text: string) => LuaProgram> {
  while (interpreters.length < KEPT) await startAnother();
  return compiled;
}

/** A program that ran too long is not asked again. */
function compiled(text: string): LuaProgram {
  const problem = call((interpreter) => interpreter.problem(text));
  if (typeof problem === 'string') throw new Error(problem);
  let limit: unknown;
  return (object, now) => {
    if (limit !== undefined) throw limit;
    const source = `return ${luaLiteral(object)}`;
    try {
      return valueIn(call(({ judge }) => judge(text, source, Math.floor(now / 1000))));
    } catch (error) {
      if (error instanceof Broken) limit = error;
      throw error;
    }
  };
}

/** A limit at which the interpreter was stopped amid its work. */
class Broken extends LimitExceeded {}

function call(ask: (interpreter: Interpreter) => unknown): unknown {
  const [interpreter] = interpreters;
  if (interpreter === undefined) throw new Error('waits for Lua to start again after other rules took too long');
  try {
    return withinTime(TIMEOUT_MS, () => ask(interpreter));
  } catch (error) {
    interpreters.shift();
    startAnother().catch(() => undefined);
    throw new Broken(error instanceof LimitExceeded ? error.message : 'nests too deeply, or makes too long a text');
  }
}

function valueIn(outcome: unknown): unknown {
  const { value, error, isTooLarge } = Outcome.parse(outcome);
  if (isTooLarge) throw new LimitExceeded(`takes more than ${MAX_BYTES / 1_000_000} MB`);
  if (error !== undefined) throw new Error(error);
  return value;
}

async function startAnother(): Promise<void> {
  const interpreter = await start();
  if (interpreters.length < KEPT) interpreters.push(interpreter);
}

async function start(): Promise<Interpreter> {
  const engine = await new LuaFactory().createEngine({ enableProxy: false, traceAllocations: true });
  engine.doStringSync(SANDBOX);
  engine.global.setMemoryMax(MAX_BYTES);
  return { problem: engine.global.get('problem'), judge: engine.global.get('judge') };
}
