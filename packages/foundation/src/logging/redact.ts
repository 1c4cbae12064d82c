import { serializeError } from './serialize-error.js';

const REDACTED = '[redacted]';
const MAX_DEPTH = 8;
const MAX_ENTRIES = 100;
/** Longer texts are cut, in UTF-16 code units. */
const MAX_TEXT = 10_000;

const secretWords = 'password|password_?hash|secret|token|private_?key|api_?key|cookie|authorization|credentials?';
// `parameters` are those of a failed SQL statement: what people typed.
const secretKey = new RegExp(`(?:${secretWords}|^parameters)$`, 'i');

/**
 * A copy for the log: values of secret keys replaced at any depth, errors by {@link serializeError},
 * everything deeper than 8 levels, longer than 100 entries or than 10,000 characters cut.
 */
export function redact(value: unknown, depth = 0): unknown {
  if (typeof value === 'string' && value.length > MAX_TEXT) return `${value.slice(0, MAX_TEXT)}… (cut)`;
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

const quote = String.raw`\\{0,10}["']`;
// Clients write much of what stands in a log: no pattern begins again within what it has read, or reads on for long.
const patterns: [RegExp, string][] = [
  [/\b[a-z][a-z0-9]{1,9}_[0-9A-Za-z]{8}_[0-9A-Za-z]{43}_[0-9A-Za-z]{6}\b/g, REDACTED], // an API key
  [/\b(bearer|basic) {1,10}[\w.~+/=-]+/gi, `$1 ${REDACTED}`],
  [/((?<![a-z+.-])[a-z+.-]+:\/\/[^\s:/@"]{0,200}):[^\s@"]{1,500}@/gi, `$1:${REDACTED}@`], // the password of a connection string
  [new RegExp(`((?:${secretWords})(?:${quote})?\\s{0,10}[:=]\\s{0,10}${quote})[^"'\\\\]+`, 'gi'), `$1${REDACTED}`],
];

/** A text without the tokens, connection passwords and quoted secrets that stand in it. */
export const redactText = (text: string): string =>
  patterns.reduce((redacted, [pattern, replacement]) => redacted.replace(pattern, replacement), withoutJwts(text));

/** A JWT, wherever it stands: letters that begin as its header does, and two dots. */
function withoutJwts(text: string): string {
  if (!text.includes('eyJ')) return text;
  return text.replace(/[\w.-]+/g, (run) => {
    const at = run.search(/\beyJ[\w-]/);
    return at >= 0 && run.slice(at).split('.').length > 2 ? run.slice(0, at) + REDACTED : run;
  });
}
