import { appendFileSync } from 'node:fs';
import { relative } from 'node:path';
import { expect } from '@jest/globals';
import { service } from './environment.js';

/** Has the run say at its end that a suite was skipped, and what it needs. */
export function reportSkipped(name: string, need: string): void {
  const suite = `${relative(process.cwd(), expect.getState().testPath ?? '')}: ${name} (needs ${need})`;
  const file = service('skippedSuites');
  if (file) appendFileSync(file, `${suite}\n`);
  else process.stderr.write(`SKIPPED ${suite}\n`);
}
