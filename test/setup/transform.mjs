// A jest transformer: Node's own way to run TypeScript, which puts blanks where types are, so that lines and columns stay. Types are checked by tsc.
import { createHash } from 'node:crypto';
import { stripTypeScriptTypes } from 'node:module';

export default {
  getCacheKey: (source) => createHash('sha256').update(process.version).update(source).digest('hex'),
  process: (source) => ({ code: stripTypeScriptTypes(source) }),
};
