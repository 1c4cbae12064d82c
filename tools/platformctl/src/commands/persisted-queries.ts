import { readFile } from 'node:fs/promises';
import { loadSupergraph } from '@platform/federation-engine';
import { OperationCheck, readManifests } from '@platform/router';
import { UnusableFile } from '@platform/runtime/unusable-file';
import { Command } from 'commander';
import { print, type SetOption, setOption } from '../options.js';
import { checkConfig, composeCurrent } from '../supergraph/compose-current.js';
import { byClient, describeOperation, failedOperations } from '../supergraph/failed-operations.js';

interface CheckOptions extends SetOption {
  readonly supergraph?: string;
  readonly manifest?: string[];
}

/** `platformctl persisted-queries check`: whether a router would answer every operation of the manifests. */
export const persistedQueriesCommand = (): Command =>
  new Command('persisted-queries')
    .description('look after persisted queries')
    .addCommand(
      new Command('check')
        .description('hold every operation of the manifests against the supergraph and the limits')
        .option('--supergraph <file>', 'a composed supergraph, instead of what supergraph.yaml composes to')
        .option('--manifest <files...>', 'instead of router.persistedQueries.manifests')
        .addOption(setOption())
        .action(check),
    );

async function check({ supergraph, manifest, set }: CheckOptions): Promise<void> {
  const { router, discovery } = checkConfig(set);
  const operations = (await readManifests(manifest ?? router.persistedQueries.manifests)).flat();
  const sdl = supergraph === undefined ? composeCurrent(discovery) : await text(supergraph);
  const failed = await failedOperations(operations, new OperationCheck(loadSupergraph(sdl), router));
  for (const [client, entries] of byClient(failed)) {
    print(client);
    for (const entry of entries) print(`  ${describeOperation(entry)}`);
  }
  if (failed.length > 0) process.exitCode = 2;
  print(`${operations.length - failed.length} of ${operations.length} persisted operations can be answered.`);
}

async function text(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new UnusableFile(file, error as Error);
  }
}
