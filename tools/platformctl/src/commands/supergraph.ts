import { Command } from 'commander';
import { supergraphFile } from '../generate/generated-files.js';
import { settle } from '../generate/settle.js';

/** `platformctl supergraph compose [--check]`: composes the listed schema files into the supergraph that routers serve. */
export const supergraphCommand = (): Command =>
  new Command('supergraph').description('compose the supergraph').addCommand(
    new Command('compose')
      .description('compose supergraph.yaml into router/supergraph.graphql')
      .option('--check', 'write nothing; fail when the committed file is stale')
      .action(({ check = false }: { check?: boolean }) => settle([supergraphFile()], check)),
  );
