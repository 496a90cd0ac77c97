// The environment of unit tests: Node's, in which nothing starts a process or opens a socket. Whatever tries to gets an error, and fails its test file even
// if it handles the error.
import childProcess from 'node:child_process';
import net from 'node:net';
import { TestEnvironment } from 'jest-environment-node';

const FORBIDDEN = [
  [childProcess.ChildProcess.prototype, 'spawn', 'starts a process'],
  [childProcess, 'spawnSync', 'starts a process'],
  [childProcess, 'execSync', 'starts a process'],
  [childProcess, 'execFileSync', 'starts a process'],
  [net.Server.prototype, 'listen', 'listens on a socket'],
  [net.Socket.prototype, 'connect', 'connects to a socket'],
];

export default class UnitEnvironment extends TestEnvironment {
  #file;
  #originals = [];
  #violations = [];

  constructor(config, context) {
    super(config, context);
    this.#file = context.testPath.replace(`${config.projectConfig.rootDir}/`, '');
  }

  async setup() {
    await super.setup();
    this.#originals = FORBIDDEN.map(([owner, name]) => owner[name]);
    for (const [owner, name, what] of FORBIDDEN)
      owner[name] = () => {
        const violation = new Error(`${this.#file}: a unit test ${what}; end the file's name in .adapter.test.ts`);
        this.#violations.push(violation);
        throw violation;
      };
  }

  async handleTestEvent({ name }) {
    if (name === 'run_finish' && this.#violations.length > 0) throw this.#violations[0];
  }

  async teardown() {
    FORBIDDEN.forEach(([owner, name], i) => {
      owner[name] = this.#originals[i];
    });
    await super.teardown();
  }
}
