import { execFile } from 'node:child_process';
import { globSync } from 'node:fs';
import { join } from 'node:path';

/** One broken rule: `from` imports `to`. */
export interface Violation {
  readonly rule: string;
  readonly from: string;
  readonly to: string;
}

interface CruiseResult {
  readonly summary: {
    readonly totalCruised: number;
    readonly violations: readonly {
      readonly rule: { readonly name: string };
      readonly from: string;
      readonly to: string;
    }[];
  };
}

export const repository = join(import.meta.dirname, '../..');

/** Every source file of ours below a root, relative to it. */
export const sources = (root: string): string[] =>
  ['packages/*/src', 'subgraphs/*/src', 'subgraphs/*/contracts/src', 'router/src', 'tools/*/src'].flatMap((folder) =>
    globSync(`${folder}/**/*.ts`, { cwd: root }),
  );

/** The rules of .dependency-cruiser.mjs applied to a tree. dependency-cruiser parses natively, so it runs in a process of its own. */
export function cruise(root: string): Promise<Violation[]> {
  const program = join(repository, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs');
  const config = join(repository, '.dependency-cruiser.mjs');
  const args = [program, '--config', config, '--output-type', 'json', ...sources(root)];
  return new Promise((resolve, reject) => {
    execFile(process.execPath, args, { cwd: root, maxBuffer: 2 ** 27 }, (error, stdout, stderr) => {
      if (!stdout) return reject(new Error(stderr, { cause: error }));
      const { summary } = JSON.parse(stdout) as CruiseResult;
      resolve(summary.violations.map(({ rule, from, to }) => ({ rule: rule.name, from, to })));
    });
  });
}
