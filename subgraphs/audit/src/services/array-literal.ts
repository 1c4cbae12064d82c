/** A one-dimensional array as PostgreSQL reads it; the driver's own way looks at every value several times. */
export const arrayLiteral = (values: readonly (string | null)[]): string => `{${values.map(element).join(',')}}`;

const element = (value: string | null): string => {
  if (value === null) return 'NULL';
  return /["\\]/.test(value) ? `"${value.replace(/["\\]/g, '\\$&')}"` : `"${value}"`;
};
