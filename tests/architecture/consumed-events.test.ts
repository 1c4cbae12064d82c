import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as contracts from '@platform/contracts';
import { projectRoot } from '@platform/foundation/config';
import { subgraphNames } from '@platform/runtime/modules';
import { readManifest } from '@platform/subgraph-server/modules';

/** What a principal may read at the Kafka brokers follows from this list: a handler of anything else would never be given it. */
describe('the events that a module.yaml lists as consumed', () => {
  const types = new Map(
    Object.entries(contracts as Record<string, unknown>).flatMap(([name, each]) =>
      typeof each === 'object' && each !== null && 'type' in each ? [[name, String(each.type)] as const] : [],
    ),
  );

  it.each(subgraphNames)('are those that the handlers of %s are for', (name) => {
    const directory = join(projectRoot(), 'subgraphs', name, 'src', 'events');
    const words = globSync('**/*.ts', { cwd: directory }).flatMap(
      (file) => readFileSync(join(directory, file), 'utf8').match(/\b\w+\b/g) ?? [],
    );
    const handled = words.some((word) => word.startsWith('onEveryEvent'))
      ? 'all'
      : [...new Set(words.flatMap((word) => types.get(word) ?? []))].toSorted();
    const { consumed } = readManifest(join(projectRoot(), 'subgraphs', name, 'module.yaml')).events;
    expect(consumed === 'all' ? consumed : consumed.toSorted()).toEqual(handled);
  });
});
