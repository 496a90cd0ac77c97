// Makes a checkout ready to run: checks what the machine must have, installs the packages, builds the control plane.
//
// In: `--cluster` where an embedded control plane is needed, `--tests` where tests will be run. Out: nothing on standard output, which
// belongs to the command that follows; progress and problems on standard error. It runs on the machine's own Node.js before anything
// is installed, so it is plain JavaScript and imports nothing but Node's.
import { buildControlPlane, isControlPlaneBuilt } from './setup/control-plane.mjs';
import { installPackages } from './setup/packages.mjs';
import { missingForTests, missingPrerequisites } from './setup/prerequisites.mjs';

async function setUp({ cluster, tests }) {
  const missing = missingPrerequisites({ go: cluster && !isControlPlaneBuilt() });
  if (missing.length > 0) throw new Error(missing.join('\n'));
  const note = tests ? missingForTests() : undefined;
  if (note !== undefined) console.error(`note: ${note}`);
  await installPackages();
  if (cluster) await buildControlPlane();
}

const asked = new Set(process.argv.slice(2));
try {
  await setUp({ cluster: asked.has('--cluster'), tests: asked.has('--tests') });
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
