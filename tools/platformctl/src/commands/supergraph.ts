import { Command } from 'commander';
import { supergraphFile } from '../generate/generated-files.js';
import { settle } from '../generate/settle.js';
import { type SetOption, setOption } from '../options.js';
import { checkSupergraph, type SupergraphCheckOptions } from '../supergraph/check-supergraph.js';

/** `platformctl supergraph compose|check`: makes the supergraph that routers serve, and says what a change of it means. */
export const supergraphCommand = (): Command =>
  new Command('supergraph')
    .description('compose and check the supergraph')
    .addCommand(
      new Command('compose')
        .description('compose supergraph.yaml into router/supergraph.graphql')
        .option('--check', 'write nothing; fail when the committed file is stale')
        .action(({ check = false }: { check?: boolean }) => settle([supergraphFile()], check)),
    )
    .addCommand(
      new Command('check')
        .description('compose, compare with an earlier supergraph, and try every persisted operation')
        .option('--config <file>', 'the list of subgraphs, instead of the project’s supergraph.yaml')
        .option('--against <file or git ref>', 'what to compare with', 'router/supergraph.graphql')
        .option('--manifest <files...>', 'persisted operations, instead of router.persistedQueries.manifests')
        .addOption(setOption())
        .action((options: SupergraphCheckOptions & SetOption) => checkSupergraph(options)),
    );
