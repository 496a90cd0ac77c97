// A jest transformer: TypeScript in, ESM with an inline source map out. Types are checked by tsc, never here.
import { createHash } from 'node:crypto';
import { transformSync, version } from 'esbuild';

export default {
  getCacheKey: (source, path) => createHash('sha256').update(version).update(path).update(source).digest('hex'),
  process: (source, path) => {
    const { code, map } = transformSync(source, {
      loader: 'ts',
      format: 'esm',
      target: 'node24',
      sourcefile: path,
      sourcemap: 'external',
      sourcesContent: true,
    });
    return { code, map };
  },
};
