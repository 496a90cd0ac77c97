// A jest reporter: the ten files that took longest, before the summary. Nothing where a few files were run.
const SHOWN = 10;

export default class SlowestFiles {
  onRunComplete(_contexts, { testResults }) {
    const files = testResults.filter(({ perfStats }) => perfStats !== undefined);
    if (files.length <= SHOWN) return;
    const slowest = files.toSorted((a, b) => b.perfStats.runtime - a.perfStats.runtime).slice(0, SHOWN);
    const lines = slowest.map(({ perfStats, testFilePath }) => {
      const seconds = (perfStats.runtime / 1000).toFixed(1).padStart(6);
      return `${seconds} s  ${testFilePath.replace(`${process.cwd()}/`, '')}`;
    });
    process.stderr.write(`\nSlowest files:\n${lines.join('\n')}\n`);
  }
}
