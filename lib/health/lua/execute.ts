// In: statements and the variables that they see. Out: how they end. `goto` reaches the labels of the blocks around it.
import { Evaluator, nameOf } from './evaluate.ts';
import type { Machine } from './machine.ts';
import type { Block, Statement } from './syntax.ts';
import { isTrue, LuaFunction, type LuaValue, toNumber } from './values.ts';
import { Variables } from './variables.ts';

/** How a statement ends where it does not just end. */
type Exit =
  | { readonly kind: 'return'; readonly values: readonly LuaValue[] }
  | { readonly kind: 'break' }
  | { readonly kind: 'goto'; readonly label: string };

type Of<K extends Statement['kind']> = Extract<Statement, { readonly kind: K }>;

/** Runs statements in one run. */
export class Executor {
  readonly #machine: Machine;
  readonly #values: Evaluator;

  constructor(machine: Machine) {
    this.#machine = machine;
    this.#values = new Evaluator(machine, (block, scope) => this.run(block, scope));
  }

  /** Runs a function's or a program's statements; what it returns. */
  run(block: Block, scope: Variables): readonly LuaValue[] {
    const exit = this.#block(block, scope);
    if (exit?.kind === 'return') return exit.values;
    if (exit?.kind === 'goto') this.#machine.fail(`no visible label '${exit.label}' for goto`);
    return [];
  }

  #block(block: Block, scope: Variables): Exit | undefined {
    for (let index = 0; index < block.length; index += 1) {
      const statement = block[index];
      const exit = statement && this.#statement(statement, scope);
      if (exit === undefined) continue;
      const label = exit.kind === 'goto' ? block.findIndex((s) => s.kind === 'label' && s.name === exit.label) : -1;
      if (label < 0) return exit;
      index = label;
    }
    return undefined;
  }

  #statement(statement: Statement, scope: Variables): Exit | undefined {
    this.#machine.budget.step();
    switch (statement.kind) {
      case 'local':
        return this.#local(statement, scope);
      case 'localFunction':
        scope.declare(statement.name, undefined);
        return this.#define(statement, scope);
      case 'assign':
        return this.#assign(statement, scope);
      case 'call':
        this.#values.many([statement.call], scope);
        return undefined;
      case 'return':
        return { kind: 'return', values: this.#values.many(statement.values, scope) };
      case 'break':
        return { kind: 'break' };
      case 'goto':
        return { kind: 'goto', label: statement.label };
      case 'label':
        return undefined;
      default:
        return this.#nested(statement, scope);
    }
  }

  #nested(statement: Of<'do' | 'while' | 'repeat' | 'if' | 'for' | 'forIn'>, scope: Variables): Exit | undefined {
    switch (statement.kind) {
      case 'do':
        return this.#block(statement.block, new Variables(scope));
      case 'if':
        return this.#if(statement, scope);
      case 'while':
        return this.#while(statement, scope);
      case 'repeat':
        return this.#repeat(statement, scope);
      case 'for':
        return this.#for(statement, scope);
      default:
        return this.#forIn(statement, scope);
    }
  }

  #local({ names, values }: Of<'local'>, scope: Variables): undefined {
    const found = this.#values.many(values, scope);
    names.forEach((name, index) => {
      scope.declare(name, found[index]);
    });
  }

  #define({ name, body }: Of<'localFunction'>, scope: Variables): undefined {
    const cell = scope.find(name);
    if (cell) cell.value = this.#values.functionOf(body, scope);
  }

  #assign({ targets, values, line }: Of<'assign'>, scope: Variables): undefined {
    const places = targets.map((target) =>
      target.kind === 'index'
        ? {
            of: this.#values.one(target.of, scope),
            key: this.#values.one(target.key, scope),
            name: nameOf(target.of, scope),
          }
        : { variable: target.kind === 'name' ? target.name : '' },
    );
    const found = this.#values.many(values, scope);
    this.#machine.line = line;
    places.forEach((place, index) => {
      const value = found[index];
      if (place.variable === undefined) this.#machine.setIndex(place.of, place.key, value, place.name);
      else this.#setVariable(place.variable, value, scope);
    });
  }

  #setVariable(name: string, value: LuaValue, scope: Variables): void {
    const cell = scope.find(name);
    if (cell === undefined) this.#machine.rawSet(this.#machine.globals, name, value);
    else cell.value = value;
  }

  #if({ branches }: Of<'if'>, scope: Variables): Exit | undefined {
    const met = branches.find(({ when }) => when === undefined || isTrue(this.#values.one(when, scope)));
    return met && this.#block(met.block, new Variables(scope));
  }

  #while({ when, block }: Of<'while'>, scope: Variables): Exit | undefined {
    while (isTrue(this.#values.one(when, scope))) {
      const exit = this.#block(block, new Variables(scope));
      if (exit !== undefined) return leave(exit);
    }
    return undefined;
  }

  #repeat({ block, until }: Of<'repeat'>, scope: Variables): Exit | undefined {
    for (;;) {
      // The condition sees the variables of the block.
      const inner = new Variables(scope);
      const exit = this.#block(block, inner);
      if (exit !== undefined) return leave(exit);
      if (isTrue(this.#values.one(until, inner))) return undefined;
    }
  }

  #for({ name, from, to, step, block, line }: Of<'for'>, scope: Variables): Exit | undefined {
    const [first, last, by] = [from, to, step].map((one) => (one ? toNumber(this.#values.one(one, scope)) : 1));
    this.#machine.line = line;
    if (first === undefined || last === undefined || by === undefined)
      return this.#machine.fail("'for' initial value, limit and step must be numbers");
    for (let value = first; by > 0 ? value <= last : value >= last; value += by) {
      this.#machine.budget.step();
      const inner = new Variables(scope);
      inner.declare(name, value);
      const exit = this.#block(block, inner);
      if (exit !== undefined) return leave(exit);
    }
    return undefined;
  }

  #forIn({ names, values, block, line }: Of<'forIn'>, scope: Variables): Exit | undefined {
    const [iterator, state, initial] = this.#values.many(values, scope);
    let control = initial;
    for (;;) {
      this.#machine.line = line;
      const found = this.#machine.call(
        iterator,
        [state, control],
        iterator instanceof LuaFunction ? '' : ' (for iterator)',
      );
      control = found[0];
      if (control === undefined) return undefined;
      const inner = new Variables(scope);
      names.forEach((name, index) => {
        inner.declare(name, found[index]);
      });
      const exit = this.#block(block, inner);
      if (exit !== undefined) return leave(exit);
    }
  }
}

/** What the end of a loop's block means for the statements around the loop. */
function leave(exit: Exit): Exit | undefined {
  return exit.kind === 'break' ? undefined : exit;
}
