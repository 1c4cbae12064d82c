import { isDeepStrictEqual } from 'node:util';
import { OperatorError } from '@platform/foundation/errors';
import type { EventSchemas, JsonSchema } from './event-schemas.js';

/** An event differs from its committed schema in a way that readers or what is kept in topics and outboxes would not survive. */
export class BreakingEventChange extends OperatorError {
  constructor(readonly changes: readonly string[]) {
    super(
      `Events may only gain optional data; what was sent before must stay readable:\n${changes.map((change) => `  - ${change}`).join('\n')}\nGive the changed event a type of its own instead.`,
    );
  }
}

/** What makes the events of `after` unreadable for those who know `before`, or the other way round. */
export function breakingChanges(before: EventSchemas, after: EventSchemas): string[] {
  return Object.entries(before).flatMap(([type, was]) => {
    const is = after[type];
    if (!is) return [`${type} is gone`];
    return [
      ...(is.resource === was.resource ? [] : [`${type} is about a ${is.resource} now, not a ${was.resource}`]),
      ...(is.outcome === was.outcome ? [] : [`${type} has the outcome ${is.outcome} now, not ${was.outcome}`]),
      ...(is.version < was.version ? [`${type} went back from version ${was.version} to ${is.version}`] : []),
      ...schemaChanges(`${type}.data`, was.data, is.data),
    ];
  });
}

function schemaChanges(path: string, before: JsonSchema, after: JsonSchema): string[] {
  if (before.type === 'object' && after.type === 'object') return memberChanges(path, before, after);
  if (before.type === 'array' && after.type === 'array') {
    return [
      ...schemaChanges(`${path}[]`, before.items ?? {}, after.items ?? {}),
      ...otherKeywords(path, before, after, ['items']),
    ];
  }
  return isDeepStrictEqual(before, after) ? [] : [`${path} was ${shown(before)} and is ${shown(after)}`];
}

function memberChanges(path: string, before: JsonSchema, after: JsonSchema): string[] {
  const was = before.properties ?? {};
  const is = after.properties ?? {};
  const required = new Set(before.required);
  const removed = Object.keys(was).filter((name) => !is[name]);
  const demanded = (after.required ?? []).filter((name) => !required.has(name));
  const released = [...required].filter((name) => is[name] && !after.required?.includes(name));
  return [
    ...removed.map((name) => `${path}.${name} is gone`),
    ...demanded.map((name) => `${path}.${name} is required, and events without it exist`),
    ...released.map((name) => `${path}.${name} may be missing, and readers rely on it`),
    ...Object.entries(was).flatMap(([name, schema]) =>
      is[name] ? schemaChanges(`${path}.${name}`, schema, is[name]) : [],
    ),
    ...otherKeywords(path, before, after, ['properties', 'required']),
  ];
}

function otherKeywords(path: string, before: JsonSchema, after: JsonSchema, known: readonly string[]): string[] {
  const rest = (schema: JsonSchema) =>
    Object.fromEntries(Object.entries(schema).filter(([name]) => !known.includes(name)));
  return isDeepStrictEqual(rest(before), rest(after))
    ? []
    : [`${path} was ${shown(rest(before))} and is ${shown(rest(after))}`];
}

const shown = (schema: JsonSchema): string => JSON.stringify(schema);
