import { inSpan, spanBehind } from '@platform/foundation/tracing';
import type { IMiddlewareFunction } from 'graphql-middleware';

const roots = new Set(['Query', 'Mutation']);

/** A span for each root field, and one for each other field that had to wait; the rest is too quick to be worth one. */
export const resolverSpans =
  (subgraph: string): IMiddlewareFunction =>
  (resolve, parent, args, context, info) => {
    const name = `${info.parentType.name}.${info.fieldName}`;
    const attributes = { 'subgraph.name': subgraph, 'graphql.field.name': name };
    const run = () => resolve(parent, args, context, info);
    if (roots.has(info.parentType.name)) return inSpan(name, { attributes }, run);

    const started = performance.now();
    const value = run();
    if (!(value instanceof Promise)) return value;
    return value.finally(() => spanBehind(name, performance.now() - started, { attributes }));
  };
