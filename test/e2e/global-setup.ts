// Runs once before all end-to-end tests: one control plane for all of them.
import { type ControlPlane, startControlPlane } from '../../dev/control-plane.ts';
import { shareKubeconfig } from './control-plane-under-test.ts';

declare global {
  var controlPlaneUnderTest: ControlPlane | undefined;
}

export default async function setUp(): Promise<void> {
  globalThis.controlPlaneUnderTest = await startControlPlane();
  shareKubeconfig(globalThis.controlPlaneUnderTest.kubeconfigPath);
}
