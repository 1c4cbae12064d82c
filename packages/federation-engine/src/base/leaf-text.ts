// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what JSON escapes.
const escaped = /[\u0000-\u001f"\\\ud800-\udfff]/;
const longestTested = 1000;

/** The JSON text of a scalar, as JSON.stringify makes it; strings without anything to escape are not looked at twice. */
export function leafText(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return value.length <= longestTested && !escaped.test(value) ? `"${value}"` : JSON.stringify(value);
    case 'number':
      return Number.isFinite(value) ? String(value) : 'null';
    case 'boolean':
      return value ? 'true' : 'false';
    default:
      return JSON.stringify(value) ?? 'null';
  }
}
