// In: an expression and the variables that it sees. Out: its value or values.
import type { Machine } from './machine.ts';
import type { Block, Expression, FunctionBody } from './syntax.ts';
import { isTrue, LuaFunction, LuaTable, type LuaValue } from './values.ts';
import { Variables } from './variables.ts';

/** Runs the statements of a function; what it returns. */
type RunBlock = (block: Block, scope: Variables) => readonly LuaValue[];

/** What a new function or table takes, about. */
const OBJECT_BYTES = 128;

/** Evaluates expressions in one run. */
export class Evaluator {
  readonly machine: Machine;
  readonly #run: RunBlock;

  constructor(machine: Machine, run: RunBlock) {
    this.machine = machine;
    this.#run = run;
  }

  /** The one value of an expression. */
  one(expression: Expression, scope: Variables): LuaValue {
    this.machine.budget.step();
    switch (expression.kind) {
      case 'constant':
        return expression.value;
      case 'name': {
        const cell = scope.find(expression.name);
        return cell === undefined ? this.machine.globals.get(expression.name) : cell.value;
      }
      case 'index':
        return this.#index(expression, scope);
      case 'binary':
        return this.#binary(expression, scope);
      case 'unary':
        return this.#unary(expression, scope);
      case 'table':
        return this.#table(expression, scope);
      case 'function':
        return this.functionOf(expression.body, scope);
      case 'single':
        return this.one(expression.of, scope);
      default:
        return this.#several(expression, scope)[0];
    }
  }

  /** The values of a list; the last expression may have any number of them. */
  many(expressions: readonly Expression[], scope: Variables): readonly LuaValue[] {
    const last = expressions.at(-1);
    if (last === undefined) return [];
    const first = expressions.slice(0, -1).map((expression) => this.one(expression, scope));
    const rest = isMultiple(last) ? this.#several(last, scope) : [this.one(last, scope)];
    this.machine.budget.step(rest.length);
    return first.length === 0 ? rest : [...first, ...rest];
  }

  functionOf({ parameters, hasVarargs, block }: FunctionBody, scope: Variables): LuaFunction {
    this.machine.budget.allocate(OBJECT_BYTES);
    return new LuaFunction((args) => {
      const inner = new Variables(scope, hasVarargs ? args.slice(parameters.length) : []);
      parameters.forEach((name, index) => {
        inner.declare(name, args[index]);
      });
      return this.#run(block, inner);
    });
  }

  #several(expression: Expression, scope: Variables): readonly LuaValue[] {
    if (expression.kind === 'varargs') return scope.varargs;
    if (expression.kind === 'call') {
      const callee = this.one(expression.of, scope);
      const args = this.many(expression.args, scope);
      this.machine.line = expression.line;
      return this.machine.call(callee, args, nameOf(expression.of, scope));
    }
    if (expression.kind !== 'method') return [this.one(expression, scope)];
    const receiver = this.one(expression.of, scope);
    this.machine.line = expression.line;
    const method = this.machine.index(receiver, expression.name, nameOf(expression.of, scope));
    const args = this.many(expression.args, scope);
    this.machine.line = expression.line;
    return this.machine.call(method, [receiver, ...args], ` (method '${expression.name}')`);
  }

  #index(expression: Extract<Expression, { kind: 'index' }>, scope: Variables): LuaValue {
    const of = this.one(expression.of, scope);
    const key = this.one(expression.key, scope);
    this.machine.line = expression.line;
    return this.machine.index(of, key, nameOf(expression.of, scope));
  }

  #binary({ operator, left, right, line }: Extract<Expression, { kind: 'binary' }>, scope: Variables): LuaValue {
    const a = this.one(left, scope);
    if (operator === 'and') return isTrue(a) ? this.one(right, scope) : a;
    if (operator === 'or') return isTrue(a) ? a : this.one(right, scope);
    const b = this.one(right, scope);
    this.machine.line = line;
    return this.machine.binary(operator, a, b);
  }

  #unary({ operator, of, line }: Extract<Expression, { kind: 'unary' }>, scope: Variables): LuaValue {
    const value = this.one(of, scope);
    this.machine.line = line;
    if (operator === 'not') return !isTrue(value);
    return operator === '-' ? this.machine.negate(value) : this.machine.length(value);
  }

  #table({ items }: Extract<Expression, { kind: 'table' }>, scope: Variables): LuaTable {
    const { machine } = this;
    machine.budget.allocate(OBJECT_BYTES);
    const table = new LuaTable();
    let place = 1;
    items.forEach(({ key, value }, index) => {
      if (key !== undefined) {
        machine.rawSet(table, this.one(key, scope), this.one(value, scope));
        return;
      }
      const values = index === items.length - 1 ? this.many([value], scope) : [this.one(value, scope)];
      for (const one of values) machine.rawSet(table, place++, one);
    });
    return table;
  }
}

function isMultiple({ kind }: Expression): boolean {
  return kind === 'call' || kind === 'method' || kind === 'varargs';
}

/** What an expression is called in the program, for a message. */
export function nameOf(expression: Expression, scope: Variables): string {
  if (expression.kind === 'name')
    return ` (${scope.find(expression.name) === undefined ? 'global' : 'local'} '${expression.name}')`;
  if (expression.kind === 'index' && expression.key.kind === 'constant' && typeof expression.key.value === 'string')
    return ` (field '${expression.key.value}')`;
  return '';
}
