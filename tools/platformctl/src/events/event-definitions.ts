import * as contracts from '@platform/contracts';
import type { EventDefinition } from '@platform/events';

/** Every event that the contracts define, by type. */
export const eventDefinitions = (): EventDefinition[] =>
  Object.values(contracts as Record<string, unknown>)
    .filter(isDefinition)
    .sort((a, b) => (a.type < b.type ? -1 : 1));

const isDefinition = (value: unknown): value is EventDefinition =>
  typeof value === 'object' && value !== null && 'type' in value && 'version' in value && 'data' in value;
