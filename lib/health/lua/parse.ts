// In: the text of a program. Out: its statements. May throw a LuaSyntaxError, which names the line.
import { expression, expressions, functionBody, suffixed } from './parse-expression.ts';
import type { Block, Branch, Expression, Statement } from './syntax.ts';
import { TokenStream } from './token-stream.ts';
import { tokensOf } from './tokens.ts';

/** Reads a whole program. */
export function parseLua(text: string): Block {
  const tokens = new TokenStream(tokensOf(text));
  const block = new Parser(tokens).block();
  if (tokens.current.kind !== 'end') tokens.fail("'end' not expected");
  return block;
}

class Parser {
  readonly tokens: TokenStream;

  constructor(tokens: TokenStream) {
    this.tokens = tokens;
  }

  /** Reads statements up to the end of the block; a return is the last one. */
  readonly block = (): Block =>
    this.tokens.nested(() => {
      const statements: Statement[] = [];
      while (!this.#isBlockEnd()) {
        if (this.tokens.accept(';')) continue;
        const statement = this.#statement();
        statements.push(statement);
        if (statement.kind === 'return') break;
      }
      return statements;
    });

  #isBlockEnd(): boolean {
    return this.tokens.current.kind === 'end' || this.tokens.is('end', 'else', 'elseif', 'until');
  }

  #statement(): Statement {
    const { current, line } = this.tokens;
    const read = current.kind === 'keyword' || current.kind === 'symbol' ? this.#readers.get(current.text) : undefined;
    if (read === undefined) return this.#assignmentOrCall(line);
    this.tokens.advance();
    return read(line);
  }

  readonly #readers: ReadonlyMap<string, (line: number) => Statement> = new Map<string, (line: number) => Statement>([
    ['if', (line) => this.#if(line)],
    ['while', (line) => ({ kind: 'while', when: this.#condition('do'), block: this.#untilEnd(), line })],
    ['do', (line) => ({ kind: 'do', block: this.#untilEnd(), line })],
    ['for', (line) => this.#for(line)],
    ['repeat', (line) => this.#repeat(line)],
    ['function', (line) => this.#function(line)],
    ['local', (line) => this.#local(line)],
    ['return', (line) => this.#return(line)],
    ['break', (line) => ({ kind: 'break', line })],
    ['goto', (line) => ({ kind: 'goto', label: this.tokens.name(), line })],
    ['::', (line) => this.#label(line)],
  ]);

  #condition(end: string): Expression {
    const when = expression(this);
    this.tokens.expect(end);
    return when;
  }

  #untilEnd(): Block {
    const block = this.block();
    this.tokens.expect('end');
    return block;
  }

  #if(line: number): Statement {
    const branches: Branch[] = [{ when: this.#condition('then'), block: this.block() }];
    while (this.tokens.accept('elseif')) branches.push({ when: this.#condition('then'), block: this.block() });
    if (this.tokens.accept('else')) branches.push({ block: this.block() });
    this.tokens.expect('end');
    return { kind: 'if', branches, line };
  }

  #repeat(line: number): Statement {
    const block = this.block();
    this.tokens.expect('until');
    return { kind: 'repeat', block, until: expression(this), line };
  }

  #for(line: number): Statement {
    const name = this.tokens.name();
    if (!this.tokens.accept('=')) return this.#forIn(name, line);
    const from = expression(this);
    this.tokens.expect(',');
    const to = expression(this);
    const step = this.tokens.accept(',') ? expression(this) : undefined;
    this.tokens.expect('do');
    return { kind: 'for', name, from, to, ...(step && { step }), block: this.#untilEnd(), line };
  }

  #forIn(first: string, line: number): Statement {
    const names = [first];
    while (this.tokens.accept(',')) names.push(this.tokens.name());
    this.tokens.expect('in');
    const values = expressions(this);
    this.tokens.expect('do');
    return { kind: 'forIn', names, values, block: this.#untilEnd(), line };
  }

  /** `function a.b:c() end` assigns a function to a field; with a colon it has `self`. */
  #function(line: number): Statement {
    let target: Expression = { kind: 'name', name: this.tokens.name(), line };
    while (this.tokens.accept('.')) target = this.#field(target);
    const isMethod = this.tokens.accept(':');
    if (isMethod) target = this.#field(target);
    const body = functionBody(this, isMethod ? ['self'] : []);
    return { kind: 'assign', targets: [target], values: [{ kind: 'function', body, line }], line };
  }

  #field(of: Expression): Expression {
    const { line } = this.tokens;
    return { kind: 'index', of, key: { kind: 'constant', value: this.tokens.name(), line }, line };
  }

  #local(line: number): Statement {
    if (this.tokens.accept('function'))
      return { kind: 'localFunction', name: this.tokens.name(), body: functionBody(this), line };
    const names = [this.tokens.name()];
    while (this.tokens.accept(',')) names.push(this.tokens.name());
    return { kind: 'local', names, values: this.tokens.accept('=') ? expressions(this) : [], line };
  }

  #return(line: number): Statement {
    const isEmpty = this.#isBlockEnd() || this.tokens.is(';');
    const values = isEmpty ? [] : expressions(this);
    this.tokens.accept(';');
    if (!this.#isBlockEnd()) this.tokens.fail("'end' expected");
    return { kind: 'return', values, line };
  }

  #label(line: number): Statement {
    const name = this.tokens.name();
    this.tokens.expect('::');
    return { kind: 'label', name, line };
  }

  #assignmentOrCall(line: number): Statement {
    const first = suffixed(this);
    if (!this.tokens.is('=', ',')) {
      if (first.kind !== 'call' && first.kind !== 'method') this.tokens.fail('syntax error');
      return { kind: 'call', call: first, line };
    }
    const targets = [first];
    while (this.tokens.accept(',')) targets.push(suffixed(this));
    if (targets.some(({ kind }) => kind !== 'name' && kind !== 'index')) this.tokens.fail('cannot assign');
    this.tokens.expect('=');
    return { kind: 'assign', targets, values: expressions(this), line };
  }
}
