import { WeightedCache, weightOfDocument } from '@platform/foundation/weighted-cache';
import {
  type DocumentNode,
  GraphQLError,
  NoSchemaIntrospectionCustomRule,
  parse,
  SingleFieldSubscriptionsRule,
  specifiedRules,
  validate,
} from 'graphql';
import { ParseFailed, TooManyTokens, ValidationFailed } from '../base/errors.js';
import type { Supergraph } from '../schema/supergraph.js';
import { caught } from './caught-rules.js';
import { deferRules } from './defer-rules.js';
import { finiteFloats } from './finite-floats.js';
import { subscriptionRoots } from './subscription-rules.js';

/** Parses each text, and those that proved to be good once. What is later derived from a document hangs on the identity of the node returned here. */
export class Documents {
  private readonly kept: WeightedCache<DocumentNode>;

  /** @param bytes what kept documents may weigh. */
  constructor(
    bytes: number,
    private readonly maxTokens: number,
  ) {
    this.kept = new WeightedCache({ bytes, weigh: weightOfDocument });
  }

  /** Throws ParseFailed, or TooManyTokens. */
  parse(text: string): DocumentNode {
    const known = this.kept.get(text);
    if (known) return known;
    try {
      return parse(text, { maxTokens: this.maxTokens, maxComments: this.maxTokens });
    } catch (error) {
      if (!(error instanceof GraphQLError)) throw error;
      if (tokenLimit.test(error.message)) throw new TooManyTokens(this.maxTokens);
      throw new ParseFailed(error.toJSON());
    }
  }

  /** For a document of `parse` that nothing refuses: one that is refused leaves nothing behind. */
  keep(document: DocumentNode): void {
    const text = document.loc?.source.body;
    if (text !== undefined) this.kept.set(text, document);
  }
}

/** The parser tells by its message alone that it has met its limit. Comments are tokens that it counts apart. */
const tokenLimit = /^Syntax Error: Document contains more tha[tn] \d+ (?:tokens|comments)\./;

const openRules = [
  ...specifiedRules.filter((rule) => rule !== SingleFieldSubscriptionsRule),
  subscriptionRoots,
  ...deferRules,
  finiteFloats,
].map(caught);
const closedRules = [...openRules, caught(NoSchemaIntrospectionCustomRule)];

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
  const errors = validate(apiSchema, document, introspection ? openRules : closedRules, {
    maxErrors: 50,
    hideSuggestions: !suggestions,
  });
  if (errors.length === 0) return;
  throw new ValidationFailed(errors.map((error) => error.toJSON()));
}
