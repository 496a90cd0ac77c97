// In: tokens. Out: an expression. The body of a function is read by the caller's reader of blocks.
import type { BinaryOperator, Block, Expression, FunctionBody, TableItem } from './syntax.ts';
import type { TokenStream } from './token-stream.ts';

type Reader = { readonly tokens: TokenStream; readonly block: () => Block };

/** How strongly an operator binds to its left and to its right. */
const BINDING: Readonly<Record<BinaryOperator, readonly [number, number]>> = {
  or: [1, 1],
  and: [2, 2],
  '<': [3, 3],
  '>': [3, 3],
  '<=': [3, 3],
  '>=': [3, 3],
  '~=': [3, 3],
  '==': [3, 3],
  '..': [5, 4],
  '+': [6, 6],
  '-': [6, 6],
  '*': [7, 7],
  '/': [7, 7],
  '%': [7, 7],
  '^': [10, 9],
};

const UNARY_BINDING = 8;

/** Reads an expression whose operators bind more strongly than `limit`. */
export function expression(reader: Reader, limit = 0): Expression {
  const { tokens } = reader;
  return tokens.nested(() => {
    let left = unary(reader);
    for (let operator = operatorOf(tokens); operator !== undefined; operator = operatorOf(tokens)) {
      const [binds, next] = BINDING[operator];
      if (binds <= limit) break;
      const { line } = tokens.advance();
      left = { kind: 'binary', operator, left, right: expression(reader, next), line };
    }
    return left;
  });
}

/** Reads one or more expressions. */
export function expressions(reader: Reader): readonly Expression[] {
  const list = [expression(reader)];
  while (reader.tokens.accept(',')) list.push(expression(reader));
  return list;
}

/** Reads the parameters and the body of a function, after the word `function` and its name. */
export function functionBody(reader: Reader, own: readonly string[] = []): FunctionBody {
  const { tokens } = reader;
  const { line } = tokens;
  const parameters = [...own];
  let hasVarargs = false;
  tokens.expect('(');
  while (!tokens.is(')')) {
    if (tokens.accept('...')) hasVarargs = true;
    else parameters.push(tokens.name());
    if (hasVarargs || !tokens.accept(',')) break;
  }
  tokens.expect(')');
  const block = reader.block();
  tokens.expect('end');
  return { parameters, hasVarargs, block, line };
}

/** Reads what a statement may begin with: a name, or an expression in parentheses, with indexes and calls. */
export function suffixed(reader: Reader): Expression {
  let of = primary(reader);
  for (let next = suffix(reader, of); next !== undefined; next = suffix(reader, of)) of = next;
  return of;
}

function unary(reader: Reader): Expression {
  const { tokens } = reader;
  const { line } = tokens;
  if (tokens.accept('not')) return { kind: 'unary', operator: 'not', of: expression(reader, UNARY_BINDING), line };
  if (tokens.accept('-')) return { kind: 'unary', operator: '-', of: expression(reader, UNARY_BINDING), line };
  if (tokens.accept('#')) return { kind: 'unary', operator: '#', of: expression(reader, UNARY_BINDING), line };
  return simple(reader);
}

function simple(reader: Reader): Expression {
  const { tokens } = reader;
  const { current, line } = tokens;
  if (current.kind === 'number' || current.kind === 'string') {
    tokens.advance();
    return { kind: 'constant', value: current.kind === 'number' ? current.value : current.text, line };
  }
  if (tokens.accept('nil')) return { kind: 'constant', value: undefined, line };
  if (tokens.accept('true')) return { kind: 'constant', value: true, line };
  if (tokens.accept('false')) return { kind: 'constant', value: false, line };
  if (tokens.accept('...')) return { kind: 'varargs', line };
  if (tokens.accept('function')) return { kind: 'function', body: functionBody(reader), line };
  return tokens.is('{') ? table(reader) : suffixed(reader);
}

function primary(reader: Reader): Expression {
  const { tokens } = reader;
  const { current, line } = tokens;
  if (current.kind === 'name') {
    tokens.advance();
    return { kind: 'name', name: current.text, line };
  }
  if (!tokens.accept('(')) return tokens.fail('unexpected symbol');
  const of = expression(reader);
  tokens.expect(')');
  return { kind: 'single', of, line };
}

function suffix(reader: Reader, of: Expression): Expression | undefined {
  const { tokens } = reader;
  const { line } = tokens;
  if (tokens.accept('.')) return { kind: 'index', of, key: { kind: 'constant', value: tokens.name(), line }, line };
  if (tokens.accept('[')) {
    const key = expression(reader);
    tokens.expect(']');
    return { kind: 'index', of, key, line };
  }
  if (tokens.is(':')) {
    tokens.advance();
    const name = tokens.name();
    return { kind: 'method', of, name, args: args(reader), line };
  }
  return tokens.is('(', '{') || tokens.current.kind === 'string'
    ? { kind: 'call', of, args: args(reader), line }
    : undefined;
}

function args(reader: Reader): readonly Expression[] {
  const { tokens } = reader;
  const { current, line } = tokens;
  if (current.kind === 'string') {
    tokens.advance();
    return [{ kind: 'constant', value: current.text, line }];
  }
  if (tokens.is('{')) return [table(reader)];
  tokens.expect('(');
  if (tokens.accept(')')) return [];
  const list = expressions(reader);
  tokens.expect(')');
  return list;
}

function table(reader: Reader): Expression {
  const { tokens } = reader;
  const { line } = tokens;
  const items: TableItem[] = [];
  tokens.expect('{');
  while (!tokens.is('}')) {
    items.push(tableItem(reader));
    if (!tokens.accept(',') && !tokens.accept(';')) break;
  }
  tokens.expect('}');
  return { kind: 'table', items, line };
}

function tableItem(reader: Reader): TableItem {
  const { tokens } = reader;
  const { current, line } = tokens;
  if (tokens.accept('[')) {
    const key = expression(reader);
    tokens.expect(']');
    tokens.expect('=');
    return { key, value: expression(reader) };
  }
  if (current.kind === 'name' && tokens.isFollowedBy('=')) {
    tokens.advance();
    tokens.advance();
    return { key: { kind: 'constant', value: current.text, line }, value: expression(reader) };
  }
  return { value: expression(reader) };
}

function operatorOf({ current }: TokenStream): BinaryOperator | undefined {
  return current.kind === 'symbol' || current.kind === 'keyword' ? OPERATORS.get(current.text) : undefined;
}

const OPERATORS = new Map<string, BinaryOperator>(
  (['or', 'and', '<', '>', '<=', '>=', '~=', '==', '..', '+', '-', '*', '/', '%', '^'] as const).map((one) => [
    one,
    one,
  ]),
);
