// The parts of a program of Lua 5.1, with `goto` as Argo CD's engine has it.
import type { LuaValue } from './values.ts';

export type FunctionBody = {
  readonly parameters: readonly string[];
  readonly hasVarargs: boolean;
  readonly block: Block;
  readonly line: number;
};

export type BinaryOperator =
  | 'or'
  | 'and'
  | '<'
  | '>'
  | '<='
  | '>='
  | '~='
  | '=='
  | '..'
  | '+'
  | '-'
  | '*'
  | '/'
  | '%'
  | '^';

export type TableItem = { readonly key?: Expression; readonly value: Expression };

export type Expression = { readonly line: number } & (
  | { readonly kind: 'constant'; readonly value: LuaValue }
  | { readonly kind: 'varargs' }
  | { readonly kind: 'function'; readonly body: FunctionBody }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'index'; readonly of: Expression; readonly key: Expression }
  | { readonly kind: 'call'; readonly of: Expression; readonly args: readonly Expression[] }
  | { readonly kind: 'method'; readonly of: Expression; readonly name: string; readonly args: readonly Expression[] }
  | { readonly kind: 'table'; readonly items: readonly TableItem[] }
  | {
      readonly kind: 'binary';
      readonly operator: BinaryOperator;
      readonly left: Expression;
      readonly right: Expression;
    }
  | { readonly kind: 'unary'; readonly operator: 'not' | '-' | '#'; readonly of: Expression }
  | { readonly kind: 'single'; readonly of: Expression }
);

export type Branch = { readonly when?: Expression; readonly block: Block };

export type Statement = { readonly line: number } & (
  | { readonly kind: 'local'; readonly names: readonly string[]; readonly values: readonly Expression[] }
  | { readonly kind: 'localFunction'; readonly name: string; readonly body: FunctionBody }
  | { readonly kind: 'assign'; readonly targets: readonly Expression[]; readonly values: readonly Expression[] }
  | { readonly kind: 'call'; readonly call: Expression }
  | { readonly kind: 'do'; readonly block: Block }
  | { readonly kind: 'while'; readonly when: Expression; readonly block: Block }
  | { readonly kind: 'repeat'; readonly until: Expression; readonly block: Block }
  | { readonly kind: 'if'; readonly branches: readonly Branch[] }
  | {
      readonly kind: 'for';
      readonly name: string;
      readonly from: Expression;
      readonly to: Expression;
      readonly step?: Expression;
      readonly block: Block;
    }
  | {
      readonly kind: 'forIn';
      readonly names: readonly string[];
      readonly values: readonly Expression[];
      readonly block: Block;
    }
  | { readonly kind: 'return'; readonly values: readonly Expression[] }
  | { readonly kind: 'break' }
  | { readonly kind: 'goto'; readonly label: string }
  | { readonly kind: 'label'; readonly name: string }
);

export type Block = readonly Statement[];

/** A text that is no program; the message names the line. */
export class LuaSyntaxError extends Error {
  constructor(line: number, message: string) {
    super(`line ${line}: ${message}`);
  }
}
