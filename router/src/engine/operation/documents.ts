import {
  type DocumentNode,
  GraphQLError,
  NoSchemaIntrospectionCustomRule,
  parse,
  specifiedRules,
  validate,
} from 'graphql';
import { LRUCache } from 'lru-cache';
import { ParseFailed, TooManyTokens, ValidationFailed } from '../errors.js';
import type { Supergraph } from '../supergraph.js';
import { deferRules } from './defer-rules.js';
import { withoutSuggestion } from './suggestions.js';

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

  /** Throws ParseFailed, or TooManyTokens. */
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
      if (!(error instanceof GraphQLError)) throw error;
      if (tokenLimit.test(error.message)) throw new TooManyTokens(this.maxTokens);
      throw new ParseFailed(error.toJSON());
    }
  }
}

/** The parser tells by its message alone that it has met its limit. */
const tokenLimit = /^Syntax Error: Document contains more that \d+ tokens/;

const openRules = [...specifiedRules, ...deferRules];
const closedRules = [...openRules, NoSchemaIntrospectionCustomRule];

interface ValidationOptions {
  readonly introspection: boolean;
  /** Whether mistakes are answered with the names that may have been meant. */
  readonly suggestions: boolean;
}

/** Validates against the API schema. Throws ValidationFailed with every mistake. */
export function validateDocument(
  { apiSchema }: Supergraph,
  document: DocumentNode,
  { introspection, suggestions }: ValidationOptions,
): void {
  const errors = validate(apiSchema, document, introspection ? openRules : closedRules, { maxErrors: 50 });
  if (errors.length === 0) return;
  const told = errors.map((error) => error.toJSON());
  throw new ValidationFailed(suggestions ? told : told.map(withoutSuggestion));
}
