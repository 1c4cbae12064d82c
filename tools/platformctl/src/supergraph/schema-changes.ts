import { CriticalityLevel, diff } from '@graphql-inspector/core';
import type { GraphQLSchema } from 'graphql';

export type Severity = 'breaking' | 'dangerous' | 'safe';

/** One difference between two API schemas, and what it means to clients that use what it concerns. */
export interface SchemaChange {
  readonly severity: Severity;
  /** Such as `Post.title`. */
  readonly coordinate: string;
  readonly message: string;
}

const severities: Record<CriticalityLevel, Severity> = {
  [CriticalityLevel.Breaking]: 'breaking',
  [CriticalityLevel.Dangerous]: 'dangerous',
  [CriticalityLevel.NonBreaking]: 'safe',
};

/** Every change from one API schema to the next, the worst first. */
export async function schemaChanges(before: GraphQLSchema, now: GraphQLSchema): Promise<SchemaChange[]> {
  const order = Object.values(severities);
  return (await diff(before, now))
    .map(({ criticality, path = '', message }) => ({
      severity: severities[criticality.level],
      coordinate: path,
      message,
    }))
    .sort((one, other) => order.indexOf(one.severity) - order.indexOf(other.severity));
}
