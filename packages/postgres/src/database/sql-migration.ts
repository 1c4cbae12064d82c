import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { OperatorError } from '@platform/foundation/errors';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A migration as TypeORM takes it; its name is told by an instance. */
export type Migration = new () => MigrationInterface & { readonly name: string };

const FILE_NAME = /^(\d{13})-([a-z0-9-]+)\.sql$/;

/** A file among the migrations has a name that says neither when nor what. */
export class MisnamedMigration extends OperatorError {
  constructor(file: string) {
    super(`${file}: a migration is named <13-digit time>-<what>.sql`);
  }
}

/** PostgreSQL refused a migration; all of it was taken back, earlier ones stand. */
export class MigrationFailed extends OperatorError {
  constructor(file: string, cause: Error) {
    super(`${file}: ${cause.message}`, { cause });
  }
}

/** The migrations of a folder, if there is one: files named <13-digit time>-<what>.sql, run in that order. @throws MisnamedMigration */
export function sqlMigrations(directory: string): Migration[] {
  if (!existsSync(directory)) return [];
  return readdirSync(directory)
    .filter((file) => file.endsWith('.sql'))
    .sort()
    .map((file) => sqlMigration(directory, file));
}

function sqlMigration(directory: string, file: string): Migration {
  const [, time, what] = FILE_NAME.exec(file) ?? [];
  if (!time) throw new MisnamedMigration(join(directory, file));

  return class implements MigrationInterface {
    readonly name = `${what}-${time}`;

    async up(runner: QueryRunner): Promise<void> {
      try {
        await runner.query(readFileSync(join(directory, file), 'utf8'));
      } catch (error) {
        throw new MigrationFailed(join(directory, file), error as Error);
      }
    }

    async down(): Promise<void> {
      throw new Error(`${file} goes forward only: write a new migration that takes it back`);
    }
  };
}
