import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { projectRoot } from '@platform/foundation/config';
import { OperatorError } from '@platform/foundation/errors';

const COMMITTED = 'router/supergraph.graphql';

/** There is nothing to compare with. */
class UnknownSupergraph extends OperatorError {
  constructor(against: string) {
    super(`"${against}" is neither a file nor a git revision that has ${COMMITTED}.`);
  }
}

/** The SDL in a file, or as it was committed at a revision. @throws UnknownSupergraph */
export function earlierSupergraph(against: string): string {
  const file = resolve(projectRoot(), against);
  if (existsSync(file)) return readFileSync(file, 'utf8');
  try {
    return execFileSync('git', ['show', '--end-of-options', `${against}:${COMMITTED}`], {
      cwd: projectRoot(),
      encoding: 'utf8',
      maxBuffer: 64 * 1024 * 1024,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  } catch {
    throw new UnknownSupergraph(against);
  }
}
