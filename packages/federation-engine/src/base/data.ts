import { LosslessNumber } from '@platform/foundation/json';

/** An object as subgraphs answer it. Merged in place: it belongs to one execution alone. */
export type DataObject = Record<string, unknown>;

export const isDataObject = (value: unknown): value is DataObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof LosslessNumber);
