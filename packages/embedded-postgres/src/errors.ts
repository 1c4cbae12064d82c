import { OperatorError } from '@platform/foundation/errors';

/** Another live platform works on this data directory. */
export class DataDirectoryInUse extends OperatorError {
  constructor(
    readonly directory: string,
    readonly pid: number,
  ) {
    super(
      `${directory} is in use by another platform (process ${pid}). Stop that one, or choose another place with PLATFORM_DATA_DIR.`,
    );
  }
}

/** The embedded PostgreSQL cannot run here; the message says why and what to do. */
export class EmbeddedPostgresFailed extends OperatorError {
  constructor(why: string, options?: ErrorOptions) {
    super(`The embedded PostgreSQL did not start: ${why}\nSet DATABASE_URL to use a PostgreSQL of your own.`, options);
  }
}
