// A jest transformer: a suite as it is, with the map to the files that it was made from, which stack traces name.
import { readFileSync } from 'node:fs';

export default {
  process: (code, file) => ({ code, map: readFileSync(`${file}.map`, 'utf8') }),
};
