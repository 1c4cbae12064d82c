import type { ColumnOptions } from 'typeorm';

/** The organization that a row of an account is from. Accounts are global: the database does not isolate such rows. */
export const tenant: ColumnOptions = {
  name: 'tenant_id',
  type: 'uuid',
  default: '00000000-0000-7000-8000-000000000001',
};

/** A point in time that fits a JavaScript Date exactly. */
export const instant = (name: string, options: ColumnOptions = {}): ColumnOptions => ({
  name,
  type: 'timestamptz',
  precision: 3,
  ...options,
});

/** A whole number that a JavaScript number holds exactly. */
export const bigint = (name: string): ColumnOptions => ({
  name,
  type: 'bigint',
  transformer: { to: (value: number) => value, from: (value: string) => Number(value) },
});

/** What the kinds of text of a profile let through, as a condition of tables that have one. */
export const PROFILE_TEXTS =
  'char_length(first_name) <= 100 AND char_length(last_name) <= 100 AND char_length(locale) <= 35';
