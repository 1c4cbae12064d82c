import type { AuditCriteria } from '../entities/index.js';
import { behind } from '../services/index.js';

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
  if (action?.endsWith('.')) {
    add((place) => `entry.action >= ${place}`, action);
    add((place) => `entry.action < ${place}`, behind(action));
  } else if (action != null) add((place) => `entry.action = ${place}`, action);
  if (equal.outcome != null && equal.outcome !== 'SUCCESS') conditions.push(`entry.outcome <> 'SUCCESS'`);
  if (from != null) add((place) => `entry.occurred_at >= ${place}`, from.toISOString());
  if (to != null) add((place) => `entry.occurred_at < ${place}`, to.toISOString());
  if (from != null || to != null) {
    const span = `FROM span_of($${parameters.push(from?.toISOString() ?? null)}::timestamptz, $${parameters.push(to?.toISOString() ?? null)}::timestamptz)`;
    conditions.push(
      `entry.sequence >= (SELECT first ${span}) AND entry.sequence < (SELECT beyond ${span})`,
      `entry.recorded_at >= (SELECT earliest ${span}) AND entry.recorded_at <= (SELECT latest ${span})`,
    );
  }
  return { where: conditions.join(' AND ') || 'true', parameters };
}
