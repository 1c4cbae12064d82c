import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as contracts from '@platform/contracts';
import { projectRoot } from '@platform/foundation/config';
import { subgraphNames } from '@platform/runtime/modules';
import { readManifest } from '@platform/subgraph-server/modules';

/** Consumers read the topics of the modules that publish what they want: a module.yaml that is silent about a type would hide it from them. */
describe('the events that a module.yaml lists as published', () => {
  const types = new Map(
    Object.entries(contracts as Record<string, unknown>).flatMap(([name, each]) =>
      typeof each === 'object' && each !== null && 'type' in each ? [[name, String(each.type)] as const] : [],
    ),
  );
  const published = (name: string) =>
    readManifest(join(projectRoot(), 'subgraphs', name, 'module.yaml')).events.published;

  it('are all that the contracts define, each in one module', () => {
    expect(subgraphNames.flatMap(published).toSorted()).toEqual([...types.values()].toSorted());
  });

  it.each(subgraphNames)('are those that the services of %s add to the outbox', (name) => {
    const directory = join(projectRoot(), 'subgraphs', name, 'src', 'services');
    const added = globSync('**/*.ts', { cwd: directory })
      .map((file) => readFileSync(join(directory, file), 'utf8'))
      .filter((text) => text.includes('outbox.add('))
      .flatMap((text) => text.match(/\b\w+\b/g) ?? [])
      .flatMap((word) => types.get(word) ?? []);
    expect([...new Set(added)].toSorted()).toEqual(published(name).toSorted());
  });
});
