import { Command } from 'commander';
import { generatedFiles } from '../generate/generated-files.js';
import { settle } from '../generate/settle.js';

/** `platformctl generate [--check]`: everything that is printed from the code and committed. */
export const generateCommand = (): Command =>
  new Command('generate')
    .description('print permission codes, subgraph schemas and the supergraph from their sources')
    .option('--check', 'write nothing; fail when a committed file is stale')
    .action(async ({ check = false }: { check?: boolean }) => settle(await generatedFiles(), check));
