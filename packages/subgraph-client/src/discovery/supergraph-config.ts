import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { url } from '@platform/foundation/config';
import { OperatorError } from '@platform/foundation/errors';
import { parse } from 'yaml';
import { z } from 'zod';

const schema = z.looseObject({
  subgraphs: z.record(
    z.string(),
    z.looseObject({
      routing_url: url,
      schema: z.union([z.looseObject({ file: z.string() }), z.looseObject({ subgraph_url: url })]),
    }),
  ),
});

/** A subgraph of the supergraph: where it answers, and the file that holds its SDL, when it is not read from the subgraph itself. */
export interface ListedSubgraph {
  readonly name: string;
  readonly url: string;
  readonly schemaFile: string | null;
}

/** supergraph.yaml cannot be used; the message names the file and every reason. */
export class InvalidSupergraphConfig extends OperatorError {
  constructor(path: string, reasons: readonly string[]) {
    super(`${path} cannot be used:\n${reasons.map((reason) => `  - ${reason}`).join('\n')}`);
  }
}

/**
 * Reads the list of subgraphs, in the format of `rover supergraph compose --config`.
 * @param overrides URLs by subgraph that replace the file's `routing_url`.
 * @throws InvalidSupergraphConfig
 */
export function readSupergraphConfig(path: string, overrides: Readonly<Record<string, string>> = {}): ListedSubgraph[] {
  const parsed = schema.safeParse(parse(readFileSync(path, 'utf8')));
  if (!parsed.success) {
    throw new InvalidSupergraphConfig(
      path,
      parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`),
    );
  }
  const { subgraphs } = parsed.data;
  const unknown = Object.keys(overrides).filter((name) => !(name in subgraphs));
  if (unknown.length > 0) {
    throw new InvalidSupergraphConfig(
      path,
      unknown.map((name) => `a URL is given for ${name}, which is not listed`),
    );
  }
  return Object.entries(subgraphs).map(([name, subgraph]) => ({
    name,
    url: overrides[name] ?? subgraph.routing_url,
    schemaFile: 'file' in subgraph.schema ? resolve(dirname(path), subgraph.schema.file as string) : null,
  }));
}
