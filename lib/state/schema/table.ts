import { z } from 'zod';
import { parsed } from './records.ts';

/** Reads the number after which sequences begin; 0 where none was written. */
export function parseSequence(item: Readonly<Record<string, unknown>> | undefined): number {
  return item === undefined ? 0 : parsed(z.int().nonnegative(), item['after'], 'the first sequence');
}

/** Reads the identity of the deployer that the table belongs to. */
export function parseDeployer(item: Readonly<Record<string, unknown>>): string {
  return parsed(z.string(), item['deployer'], 'the deployer');
}
