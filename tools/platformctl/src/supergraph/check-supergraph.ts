import { resolve } from 'node:path';
import { CompositionFailed, loadSupergraph } from '@platform/federation-engine';
import { type ListedOperation, OperationCheck, readManifests } from '@platform/router';
import { print, type SetOption } from '../options.js';
import { earlierSupergraph } from './baseline-supergraph.js';
import { checkConfig, composeCurrent } from './compose-current.js';
import { byClient, describeOperation, type FailedOperation, failedOperations } from './failed-operations.js';
import { assertAccessDeclared } from './public-fields.js';
import { type SchemaChange, schemaChanges } from './schema-changes.js';

export interface SupergraphCheckOptions {
  readonly config?: string;
  readonly against: string;
  readonly manifest?: string[];
}

/**
 * Composes the listed schemas and says what serving the result would change. The exit code is 1 when they do not compose or a
 * root field declares no access, and 2 when clients would break.
 */
export async function checkSupergraph(options: SupergraphCheckOptions & SetOption): Promise<void> {
  const { router, discovery } = checkConfig(options.set);
  const supergraphConfig = options.config === undefined ? discovery.supergraphConfig : resolve(options.config);
  const operations = (await readManifests(options.manifest ?? router.persistedQueries.manifests)).flat();
  const earlier = earlierSupergraph(options.against);

  const composed = composedOrExplained({ ...discovery, supergraphConfig });
  if (composed === undefined) return;
  if (options.config === undefined) assertAccessDeclared(composed);

  const [before, now] = [loadSupergraph(earlier), loadSupergraph(composed)];
  const changes = await schemaChanges(before.apiSchema, now.apiSchema);
  printChanges(changes, options.against);
  const failed = await failedOperations(operations, new OperationCheck(now, router));
  await printOperations(operations, failed, new OperationCheck(before, router));
  if (failed.length > 0 || changes.some(({ severity }) => severity === 'breaking')) process.exitCode = 2;
}

function composedOrExplained(discovery: Parameters<typeof composeCurrent>[0]): string | undefined {
  try {
    return composeCurrent(discovery);
  } catch (error) {
    if (!(error instanceof CompositionFailed)) throw error;
    for (const { code, message, places } of error.errors) {
      print(`${code}: ${message}`);
      for (const place of places) print(`  at ${place}`);
    }
    print(`The subgraphs do not compose: ${error.errors.length} errors.`);
    process.exitCode = 1;
    return undefined;
  }
}

function printChanges(changes: readonly SchemaChange[], against: string): void {
  for (const { severity, coordinate, message } of changes) {
    print(`${severity.padEnd(9)} ${coordinate}: ${message}`);
  }
  const count = (severity: SchemaChange['severity']) => changes.filter((change) => change.severity === severity).length;
  print(
    `Against ${against}: ${count('breaking')} breaking, ${count('dangerous')} dangerous, ${count('safe')} safe changes.`,
  );
}

/** Operations that the earlier supergraph answers are affected by the change; others were wrong before. */
async function printOperations(
  operations: readonly ListedOperation[],
  failed: readonly FailedOperation[],
  before: OperationCheck,
): Promise<void> {
  for (const [client, entries] of byClient(failed)) {
    print(`Operations of ${client}:`);
    for (const entry of entries) {
      const affected = (await before.mistakes(entry.operation)).length === 0;
      print(`  ${affected ? 'broken by the change' : 'broken before'}: ${describeOperation(entry)}`);
    }
  }
  print(`${operations.length - failed.length} of ${operations.length} persisted operations can be answered.`);
}
