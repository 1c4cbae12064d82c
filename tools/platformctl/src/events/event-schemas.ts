import type { EventDefinition } from '@platform/events';
import { z } from 'zod';

/** A JSON schema, as far as events use it. */
export interface JsonSchema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly JsonSchema[];
  readonly items?: JsonSchema;
  readonly [keyword: string]: unknown;
}

/** The shape of one kind of event, as it is committed. */
export interface EventSchema {
  readonly version: number;
  readonly resource: string;
  readonly outcome: string;
  readonly data: JsonSchema;
}

export type EventSchemas = Readonly<Record<string, EventSchema>>;

/** Where the schemas of all events are committed, relative to the project. */
export const EVENT_SCHEMAS = 'packages/contracts/event-schemas.json';

/** The shapes that the code defines now. Data may have more than a schema names, so that a reader who is behind takes it. */
export const eventSchemas = (definitions: readonly EventDefinition[]): EventSchemas =>
  Object.fromEntries(
    definitions.map(({ type, version, resource, outcome, data }) => {
      const { $schema, ...schema } = z.toJSONSchema(data, { io: 'input' });
      return [type, { version, resource, outcome, data: schema as JsonSchema }];
    }),
  );

/** The committed text. */
export const printedSchemas = (schemas: EventSchemas): string => `${JSON.stringify(schemas, null, 2)}\n`;
