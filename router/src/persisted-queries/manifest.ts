import { GraphQLError, parse } from 'graphql';
import { z } from 'zod';
import { InvalidManifest } from './errors.js';
import { normalised } from './normalised.js';

/** One operation that clients may ask for by its id. */
export interface ListedOperation {
  readonly id: string;
  readonly body: string;
  readonly name: string | undefined;
  /** The client that the id belongs to; undefined: every client. */
  readonly clientName: string | undefined;
  /** Equal for documents that mean the same. */
  readonly normalised: string;
  /** Where it was read. */
  readonly file: string;
}

const id = z.string().min(1).max(512);

/** https://www.apollographql.com/docs/graphos/platform/security/persisted-queries#manifest-format */
const apolloManifest = z.object({
  format: z.literal('apollo-persisted-query-manifest'),
  version: z.literal(1),
  operations: z.array(
    z.object({
      id,
      body: z.string().min(1),
      name: z.string().nullish(),
      clientName: z.string().nullish(),
    }),
  ),
});

/** What Relay's compiler, GraphQL Codegen and Hive write: the text under its id, in Hive's case `client~version~hash`. */
const textsById = z.record(id, z.string().min(1));

/** Reads the text of a manifest, whichever of the formats it has. @throws InvalidManifest with every mistake. */
export function readManifest(text: string, file: string): ListedOperation[] {
  const mistakes: string[] = [];
  const operations = entriesOf(text, file).flatMap((entry): ListedOperation[] => {
    try {
      return [{ ...entry, normalised: normalised(parse(entry.body)), file }];
    } catch (error) {
      if (!(error instanceof GraphQLError)) throw error;
      mistakes.push(`${file}: ${entry.name ?? entry.id}: ${error.message}`);
      return [];
    }
  });
  if (mistakes.length > 0) throw new InvalidManifest(mistakes);
  return operations;
}

function entriesOf(text: string, file: string): Omit<ListedOperation, 'normalised' | 'file'>[] {
  const json = parsed(text, file);
  const isApollo = typeof json === 'object' && json !== null && 'format' in json && 'operations' in json;
  if (!isApollo) {
    const texts = read(textsById, json, file);
    return Object.entries(texts).map(([id, body]) => ({ id, body, name: undefined, clientName: undefined }));
  }
  return read(apolloManifest, json, file).operations.map(({ id, body, name, clientName }) => ({
    id,
    body,
    name: name ?? undefined,
    clientName: clientName ?? undefined,
  }));
}

function parsed(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new InvalidManifest([`${file}: is not well-formed JSON`]);
  }
}

function read<T>(schema: z.ZodType<T>, json: unknown, file: string): T {
  const result = schema.safeParse(json);
  if (result.success) return result.data;
  throw new InvalidManifest(result.error.issues.map(({ path, message }) => `${file}: ${path.join('.')}: ${message}`));
}
