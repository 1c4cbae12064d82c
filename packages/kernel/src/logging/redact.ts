import { serializeError } from './serialize-error.js';

const REDACTED = '[redacted]';
const MAX_DEPTH = 8;
const MAX_ENTRIES = 100;

const secretWords = 'password|password_?hash|secret|token|private_?key|api_?key|cookie|authorization|credentials?';
// `parameters` are those of a failed SQL statement: what people typed.
const secretKey = new RegExp(`(?:${secretWords}|^parameters)$`, 'i');

/**
 * A copy for the log: values of secret keys replaced at any depth, errors by {@link serializeError},
 * everything deeper than 8 levels or longer than 100 entries cut.
 */
export function redact(value: unknown, depth = 0): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= MAX_DEPTH) return '[too deep]';
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return '[binary]';
  if (value instanceof Error) return redactEntries(serializeError(value), depth);
  if (Array.isArray(value)) return value.slice(0, MAX_ENTRIES).map((item) => redact(item, depth + 1));
  if ('toJSON' in value && typeof value.toJSON === 'function') return redact(value.toJSON(), depth + 1);
  return redactEntries(value, depth);
}

function redactEntries(map: object, depth: number): Record<string, unknown> {
  const entries = Object.entries(map).slice(0, MAX_ENTRIES);
  return Object.fromEntries(
    entries.map(([key, value]) => [key, isSecret(key, value) ? REDACTED : redact(value, depth + 1)]),
  );
}

const isSecret = (key: string, value: unknown): boolean =>
  value !== null && value !== undefined && secretKey.test(key.replaceAll('-', '_'));

const quote = String.raw`\\*["']`;
const patterns: [RegExp, string][] = [
  [/\b(bearer|basic) +[\w.~+/=-]+/gi, `$1 ${REDACTED}`],
  [/\beyJ[\w-]+\.[\w-]+\.[\w-]*/g, REDACTED], // a JWT, wherever it stands
  [/(\b[a-z][a-z+.-]*:\/\/[^\s:/@"]*):[^\s@"]+@/gi, `$1:${REDACTED}@`], // the password of a connection string
  [new RegExp(`((?:${secretWords})(?:${quote})?\\s*[:=]\\s*${quote})[^"'\\\\]+`, 'gi'), `$1${REDACTED}`],
];

/** A text without the tokens, connection passwords and quoted secrets that stand in it. */
export const redactText = (text: string): string =>
  patterns.reduce((redacted, [pattern, replacement]) => redacted.replace(pattern, replacement), text);
