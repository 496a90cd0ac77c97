import { LuaSyntaxError } from './syntax.ts';
import type { Token } from './tokens.ts';

/** Deeper nesting would exhaust the stack of the program that reads it. */
const MAX_NESTING = 150;

/** The tokens of a program, read from the first to the last. */
export class TokenStream {
  readonly #tokens: readonly Token[];
  #position = 0;
  #nesting = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  get current(): Token {
    return this.#tokens[this.#position] ?? { kind: 'end', line: 0 };
  }

  get line(): number {
    return this.current.line;
  }

  advance(): Token {
    const { current } = this;
    this.#position += 1;
    return current;
  }

  /** Whether the current token is this symbol or keyword. */
  is(...texts: readonly string[]): boolean {
    const { current } = this;
    return (current.kind === 'symbol' || current.kind === 'keyword') && texts.includes(current.text);
  }

  /** Whether the token after the current one is this symbol. */
  isFollowedBy(text: string): boolean {
    const next = this.#tokens[this.#position + 1];
    return next?.kind === 'symbol' && next.text === text;
  }

  /** Skips a symbol or keyword that may be there. */
  accept(text: string): boolean {
    if (!this.is(text)) return false;
    this.#position += 1;
    return true;
  }

  expect(text: string): void {
    if (!this.accept(text)) this.fail(`'${text}' expected`);
  }

  name(): string {
    const token = this.advance();
    if (token.kind === 'name') return token.text;
    this.#position -= 1;
    return this.fail('name expected');
  }

  fail(message: string): never {
    const { current } = this;
    throw new LuaSyntaxError(current.line, `${message} near ${nameOf(current)}`);
  }

  /** Reads a part that may contain parts like it. */
  nested<T>(read: () => T): T {
    this.#nesting += 1;
    if (this.#nesting > MAX_NESTING) this.fail(`nested deeper than ${MAX_NESTING}`);
    const value = read();
    this.#nesting -= 1;
    return value;
  }
}

function nameOf(token: Token): string {
  if (token.kind === 'end') return 'the end';
  return token.kind === 'number' ? `${token.value}` : `'${token.text.slice(0, 40)}'`;
}
