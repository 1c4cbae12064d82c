import { readFileSync } from 'node:fs';
import { kernelSections, loadConfig } from '@platform/kernel/config';
import { readSupergraphConfig } from '@platform/kernel/discovery';
import { Command } from 'commander';
import { supergraphFile } from '../generate/generated-files.js';
import { settle } from '../generate/settle.js';

/** `platformctl supergraph compose [--check]`: composes the listed schema files into the supergraph that routers serve. */
export const supergraphCommand = (): Command =>
  new Command('supergraph').description('compose the supergraph').addCommand(
    new Command('compose')
      .description('compose supergraph.yaml into router/supergraph.graphql')
      .option('--check', 'write nothing; fail when the committed file is stale')
      .action(({ check = false }: { check?: boolean }) => settle([supergraphFile(listedSchemas())], check)),
  );

function listedSchemas(): { name: string; typeDefs: string }[] {
  const { discovery } = loadConfig(kernelSections, { environment: 'development', env: {} });
  return readSupergraphConfig(discovery.supergraphConfig).map(({ name, schemaFile }) => {
    if (schemaFile === null) throw new Error(`supergraph.yaml names no schema file for ${name}`);
    return { name, typeDefs: readFileSync(schemaFile, 'utf8') };
  });
}
