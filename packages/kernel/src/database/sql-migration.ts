import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { MigrationInterface, QueryRunner } from 'typeorm';

type Migration = new () => MigrationInterface;

const FILE_NAME = /^(\d{13})-([a-z0-9-]+)\.sql$/;

/** The migrations of a folder: files named <13-digit time>-<what>.sql, run in that order. @throws on a file that is named otherwise. */
export function sqlMigrations(directory: string): Migration[] {
  return readdirSync(directory)
    .filter((file) => file.endsWith('.sql'))
    .sort()
    .map((file) => sqlMigration(directory, file));
}

function sqlMigration(directory: string, file: string): Migration {
  const [, time, what] = FILE_NAME.exec(file) ?? [];
  if (!time) throw new Error(`${join(directory, file)}: a migration is named <13-digit time>-<what>.sql`);

  return class implements MigrationInterface {
    readonly name = `${what}-${time}`;

    async up(runner: QueryRunner): Promise<void> {
      await runner.query(readFileSync(join(directory, file), 'utf8'));
    }

    async down(): Promise<void> {
      throw new Error(`${file} goes forward only: write a new migration that takes it back`);
    }
  };
}
