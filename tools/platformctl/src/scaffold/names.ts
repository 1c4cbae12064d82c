import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { OperatorError } from '@platform/foundation/errors';
import { subgraphNames } from '@platform/runtime/modules';
import { buildASTSchema, parse } from 'graphql';
import { SQL_RESERVED } from './sql-reserved.js';

/** How a subgraph and its entity are called. */
export interface Names {
  readonly subgraph: string;
  readonly entity: string;
  readonly plural: string;
}

/** A name that a subgraph or an entity cannot have; the message says why, and what would do. */
export class UnfitName extends OperatorError {}

const WORD = /^[a-z][a-z0-9]{0,29}$/;

/** @param listed every subgraph that supergraph.yaml has. @throws UnfitName */
export function assertFreeSubgraph(root: string, name: string, listed: readonly string[]): void {
  assertWord('A subgraph', name, 'shop');
  if ([...subgraphNames, ...listed].includes(name)) throw new UnfitName(`There is a subgraph named ${name} already.`);
  if (existsSync(join(root, 'subgraphs', name)))
    throw new UnfitName(`The folder subgraphs/${name} is there, without a module.yaml: delete it first.`);
  const packages = [...readdirSync(join(root, 'packages')), ...readdirSync(join(root, 'tools'))];
  if (['platform', 'router', 'tests', 'benchmarks', 'public', ...packages].includes(name))
    throw new UnfitName(`${name} is a name of the platform’s own. Choose another.`);
  assertUnreserved(name);
}

/**
 * @param words what the generated code calls other things by. @param supergraph the SDL that there is.
 * @throws UnfitName
 */
export function assertFreeEntity(
  { subgraph, entity, plural }: Names,
  words: ReadonlySet<string>,
  supergraph: string,
): void {
  assertWord('An entity', entity, 'product');
  assertWord('A plural', plural, 'products');
  if (entity === plural) throw new UnfitName(`The plural of ${entity} must differ from it: say --plural.`);
  if (entity === subgraph || plural === subgraph)
    throw new UnfitName(`The subgraph and its entity cannot both be called ${subgraph}.`);
  assertUnreserved(plural);
  for (const name of [entity, plural]) {
    if (!isVariable(name)) throw new UnfitName(`${name} is a reserved word. Choose another name.`);
    if (words.has(name) || words.has(capitalised(name)) || capitalised(name) in globalThis)
      throw new UnfitName(`${name} means something else in the generated code. Choose another name.`);
  }
  const taken = takenBy(entity, plural, supergraph);
  if (taken) throw new UnfitName(`The supergraph has ${taken} already. Choose another name.`);
}

/** `product` → `products`, `category` → `categories`, `box` → `boxes`. */
export function pluralOf(entity: string): string {
  if (/[^aeiou]y$/.test(entity)) return `${entity.slice(0, -1)}ies`;
  return /(s|x|z|ch|sh)$/.test(entity) ? `${entity}es` : `${entity}s`;
}

export const capitalised = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1);

function assertWord(what: string, name: string, example: string): void {
  if (WORD.test(name)) return;
  throw new UnfitName(
    `${what} is named by one word of at most 30 lower-case letters and digits, such as ${example}: "${name}" is none.`,
  );
}

/** It becomes a variable, a schema and a table. */
function assertUnreserved(name: string): void {
  if (isVariable(name) && !SQL_RESERVED.has(name)) return;
  throw new UnfitName(`${name} is a reserved word. Choose another name.`);
}

/** A module is strict code, and may wait at its top level. */
function isVariable(name: string): boolean {
  try {
    new Function(`"use strict"; const ${name} = 0;`);
    return name !== 'await';
  } catch {
    return false;
  }
}

function takenBy(entity: string, plural: string, supergraph: string): string | undefined {
  const schema = buildASTSchema(parse(supergraph), { assumeValidSDL: true });
  const type = capitalised(entity);
  const types = [type, `${type}Connection`, `${type}Edge`, `${type}Filter`, `Create${type}Input`, `Update${type}Input`];
  const fields = {
    Query: [entity, plural],
    Mutation: ['create', 'update', 'delete'].map((verb) => verb + type),
    Subscription: [`${entity}Changed`],
    User: [plural],
  };
  const field = Object.entries(fields).flatMap(([owner, names]) => {
    const known = schema.getType(owner);
    const of = known && 'getFields' in known ? known.getFields() : {};
    return names.filter((name) => name in of).map((name) => `the field ${owner}.${name}`);
  });
  const found = types.find((name) => schema.getType(name));
  return found ? `the type ${found}` : field[0];
}

/** The SDL of the committed supergraph. */
export const committedSupergraph = (root: string): string =>
  readFileSync(join(root, 'router', 'supergraph.graphql'), 'utf8');
