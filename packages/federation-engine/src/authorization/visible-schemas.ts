import { WeightedCache } from '@platform/foundation/weighted-cache';
import { buildASTSchema, type DocumentNode, type GraphQLSchema } from 'graphql';
import { withExactScalars } from '../schema/custom-scalars.js';
import type { Rule } from '../schema/rule.js';
import type { Supergraph } from '../schema/supergraph.js';
import { documentOf } from '../schema/written-defaults.js';
import { type AuthorizationContext, satisfies } from './authorization-context.js';
import { PermittedFields } from './permitted-fields.js';

import { visibleDocument } from './visible-document.js';

/** What the schemas that are kept may weigh, in bytes. */
const KEPT = 64 * 1024 * 1024;
/** What a built schema takes for each character of the supergraph, in bytes: at most, since clients see less of it. */
const PER_CHARACTER = 50;

/** The API schema as callers may see it: one schema for all whose rights satisfy the same rules. */
export class VisibleSchemas {
  private readonly rules: readonly Rule[];
  private readonly schemas: WeightedCache<GraphQLSchema>;
  private document: DocumentNode | undefined;

  constructor(private readonly supergraph: Pick<Supergraph, 'sdl' | 'apiSchema' | 'defaults' | 'rules'>) {
    this.rules = supergraph.rules.all();
    this.schemas = new WeightedCache({ bytes: KEPT, weigh: () => supergraph.sdl.length * PER_CHARACTER });
  }

  for(authorization: AuthorizationContext): GraphQLSchema {
    let key = '';
    for (const rule of this.rules) key += satisfies(authorization, rule) ? '1' : '0';
    if (!key.includes('0')) return this.supergraph.apiSchema;
    const known = this.schemas.get(key);
    if (known) return known;
    const schema = this.without(new Set(this.rules.filter((rule) => !satisfies(authorization, rule))));
    this.schemas.set(key, schema);
    return schema;
  }

  private without(unsatisfied: ReadonlySet<Rule>): GraphQLSchema {
    const { apiSchema, defaults, rules } = this.supergraph;
    const roots = {
      query: apiSchema.getQueryType()?.name ?? 'Query',
      others: [apiSchema.getMutationType(), apiSchema.getSubscriptionType()].flatMap((type) => type?.name ?? []),
    };
    this.document ??= documentOf(apiSchema);
    const visible = visibleDocument(this.document, new PermittedFields(apiSchema, rules, unsatisfied), roots);
    // Whoever may ask for nothing sees a Query without fields, which graphql-js would not accept.
    return withExactScalars(buildASTSchema(visible, { assumeValid: true, assumeValidSDL: true }), defaults);
  }
}
