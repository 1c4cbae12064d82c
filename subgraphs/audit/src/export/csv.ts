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
  'serviceAccountId',
] as const satisfies (keyof ReadableEntry)[];

/** The names of the columns. */
export const CSV_HEADER = `${COLUMNS.join(',')}\r\n`;

/** How what spreadsheets compute begins, in every width, also behind what nobody sees. Some take a tab or a semicolon for the end of a field. */
const FORMULA = /^(?:[\t\r\n]|[\s\p{Cf}]*[=+\-@\uff1d\uff0b\uff0d\uff20\ufe66\ufe62\ufe63\ufe6b\u2212])/u;

/** An entry as a line of CSV (RFC 4180). What a spreadsheet would take for a formula is made text. */
export const csvLine = (entry: ReadableEntry): string =>
  `${COLUMNS.map((column) => field(entry[column])).join(',')}\r\n`;

function field(value: unknown): string {
  if (value == null) return '';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const harmless = FORMULA.test(text) ? `'${text}` : text;
  return /[",;\t\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
