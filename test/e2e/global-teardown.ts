// Runs once after all end-to-end tests. A control plane that ended by itself meanwhile fails the run, with the end of its log.
import type {} from './global-setup.ts';

export default async function tearDown(): Promise<void> {
  await globalThis.controlPlaneUnderTest?.stop();
}
