// Runs once after all adapter tests.
import type {} from './start-emulator.ts';

export default async function tearDown(): Promise<void> {
  await globalThis.emulatorUnderTest?.stop();
}
