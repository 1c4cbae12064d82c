import type { ReadableEntry } from './readable-entry.js';

const COLUMNS = [
  'sequence',
  'id',
  'occurredAt',
  'recordedAt',
  'action',
  'outcome',
  'actorId',
  'resource',
  'resourceId',
  'ipAddress',
  'userAgent',
  'requestId',
  'traceId',
  'tenantId',
  'metadata',
  'leafHash',
] as const satisfies (keyof ReadableEntry)[];

/** The names of the columns. */
export const CSV_HEADER = `${COLUMNS.join(',')}\r\n`;

/** An entry as a line of CSV (RFC 4180). What a spreadsheet would take for a formula is made text. */
export const csvLine = (entry: ReadableEntry): string =>
  `${COLUMNS.map((column) => field(entry[column])).join(',')}\r\n`;

function field(value: unknown): string {
  if (value === null) return '';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const harmless = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
