import pg from 'pg';

/** The texts of what this process asks PostgreSQL, from `start` to `stop`. */
export class ExecutedStatements {
  private readonly query = pg.Client.prototype.query;
  private texts: string[] = [];

  start(): void {
    const { query } = this;
    const keep = (text: string) => this.texts.push(text);
    pg.Client.prototype.query = function (this: pg.Client, ...given: unknown[]) {
      const [statement] = given as [string | { text: string }];
      keep(typeof statement === 'string' ? statement : statement.text);
      return (query as (...given: unknown[]) => unknown).apply(this, given);
    } as typeof query;
  }

  stop(): void {
    pg.Client.prototype.query = this.query;
  }

  /** Those since the last time. */
  take(): readonly string[] {
    return this.texts.splice(0);
  }
}
