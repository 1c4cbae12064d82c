import type { EntityManager, ObjectLiteral } from 'typeorm';
import { IdempotentResultGone } from './errors.js';

type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

/**
 * What a transaction came to, as JSON. Of an entity only its name and key: nothing personal is copied, and whoever is answered again reads
 * the row as it is then. @throws for what is no data
 */
export function encodeResult(tx: EntityManager, value: unknown): Json {
  if (value === undefined) return { $undefined: true };
  if (value === null || typeof value === 'boolean' || typeof value === 'number' || typeof value === 'string')
    return value;
  if (value instanceof Date) return { $date: value.toISOString() };
  if (Array.isArray(value)) return value.map((item) => encodeResult(tx, item));
  if (typeof value !== 'object')
    throw new TypeError(`A ${typeof value} cannot be the result of an idempotent mutation`);
  const { connection } = tx;
  if (connection.hasMetadata(value.constructor)) {
    const metadata = connection.getMetadata(value.constructor);
    return { $entity: metadata.name, key: encodeResult(tx, metadata.getEntityIdMap(value)) };
  }
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, encodeResult(tx, item)]));
}

/** @throws IdempotentResultGone */
export async function decodeResult(tx: EntityManager, json: Json): Promise<unknown> {
  if (typeof json !== 'object' || json === null) return json;
  if (Array.isArray(json)) {
    const items: unknown[] = [];
    for (const item of json) items.push(await decodeResult(tx, item));
    return items;
  }
  const value = json as Readonly<Record<string, Json>>;
  if (value['$undefined'] === true) return undefined;
  if (typeof value['$date'] === 'string') return new Date(value['$date']);
  if (typeof value['$entity'] === 'string') return reread(tx, value['$entity'], value['key'] as Json);
  const entries: [string, unknown][] = [];
  for (const [name, item] of Object.entries(value)) entries.push([name, await decodeResult(tx, item)]);
  return Object.fromEntries(entries);
}

async function reread(tx: EntityManager, name: string, key: Json): Promise<object> {
  const row = await tx.findOneBy(name, (await decodeResult(tx, key)) as ObjectLiteral);
  if (!row) throw new IdempotentResultGone();
  return row;
}
