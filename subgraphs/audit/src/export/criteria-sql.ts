import type { AuditCriteria } from '../entities/index.js';

const EQUAL = {
  actorId: 'actor_id',
  resource: 'resource',
  resourceId: 'resource_id',
  outcome: 'outcome',
  requestId: 'request_id',
} as const;

/** Criteria as a condition on the entries of the log, with its parameters. */
export function criteriaSql({ action, from, to, ...equal }: AuditCriteria): { where: string; parameters: unknown[] } {
  const conditions: string[] = [];
  const parameters: unknown[] = [];
  const add = (condition: (place: string) => string, value: unknown) => {
    parameters.push(value);
    conditions.push(condition(`$${parameters.length}`));
  };
  for (const [field, column] of Object.entries(EQUAL)) {
    const value = equal[field as keyof typeof EQUAL];
    if (value != null) add((place) => `entry.${column} = ${place}`, value);
  }
  if (action?.endsWith('.')) add((place) => `starts_with(entry.action, ${place})`, action);
  else if (action != null) add((place) => `entry.action = ${place}`, action);
  if (from != null) add((place) => `entry.occurred_at >= ${place}`, from.toISOString());
  if (to != null) add((place) => `entry.occurred_at < ${place}`, to.toISOString());
  return { where: conditions.join(' AND ') || 'true', parameters };
}
