import {
  type DocumentNode,
  GraphQLError,
  NoSchemaIntrospectionCustomRule,
  parse,
  specifiedRules,
  validate,
} from 'graphql';
import { LRUCache } from 'lru-cache';
import { ParseFailed, ValidationFailed } from '../errors.js';
import type { Supergraph } from '../supergraph.js';
import { deferRules } from './defer-rules.js';

/** Texts longer than this are parsed every time: keeping them would let a few callers fill the memory. */
const longestKeptText = 100_000;

/** Parses each text once. What is later derived from a document hangs on the identity of the node returned here. */
export class Documents {
  private readonly parsed: LRUCache<string, DocumentNode>;

  constructor(
    size: number,
    private readonly maxTokens: number,
  ) {
    this.parsed = new LRUCache({ max: size });
  }

  /** Throws ParseFailed. */
  parse(text: string): DocumentNode {
    const known = this.parsed.get(text);
    if (known) return known;
    const document = this.parseAnew(text);
    if (text.length <= longestKeptText) this.parsed.set(text, document);
    return document;
  }

  private parseAnew(text: string): DocumentNode {
    try {
      return parse(text, { maxTokens: this.maxTokens });
    } catch (error) {
      if (error instanceof GraphQLError) throw new ParseFailed(error.toJSON());
      throw error;
    }
  }
}

const openRules = [...specifiedRules, ...deferRules];
const closedRules = [...openRules, NoSchemaIntrospectionCustomRule];

/** Validates against the API schema. Throws ValidationFailed with every mistake. */
export function validateDocument(supergraph: Supergraph, document: DocumentNode, introspection: boolean): void {
  const errors = validate(supergraph.apiSchema, document, introspection ? openRules : closedRules, { maxErrors: 50 });
  if (errors.length > 0) throw new ValidationFailed(errors.map((error) => error.toJSON()));
}
