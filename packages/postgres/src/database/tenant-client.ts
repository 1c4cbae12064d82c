import pg from 'pg';
import { isSameTenancy, requiredTenancy, type Tenancy } from '../tenancy/index.js';
import { TenantQuery } from './tenant-query.js';
import { beginningOf, settingsOf } from './tenant-settings.js';

export interface TenantClientOptions {
  /** The role that sees the rows of every tenant. */
  readonly allTenantsRole: string;
  /** False behind a pooler that gives a client another connection for each transaction. */
  readonly named: boolean;
  /** For whom statements are that nobody has said so of; without it, they are refused. */
  readonly otherwise?: Tenancy | undefined;
}

type Submittable = { submit?: unknown };

/**
 * A client whose statements act for the tenant of the code that sends them, which the policies of the tables hold them to. A transaction is told
 * with the statement that begins it, a statement outside of one together with itself. @throws TenantMissing
 */
export function tenantClient({ allTenantsRole, named, otherwise }: TenantClientOptions): typeof pg.Client {
  return class TenantClient extends pg.Client {
    /** That of the open transaction. */
    private begun: Tenancy | undefined;

    override query(statement: unknown, values?: unknown, callback?: unknown): never {
      const send = (what = statement) =>
        super.query(what as string, values as unknown[], callback as () => void) as never;
      const text = typeof statement === 'string' ? statement : undefined;
      if (text === 'COMMIT' || text === 'ROLLBACK') {
        this.begun = undefined;
        return send();
      }
      const tenancy = requiredTenancy(otherwise);
      if (text?.startsWith('START TRANSACTION')) {
        this.begun = tenancy;
        return send(text + beginningOf(tenancy, allTenantsRole));
      }
      if (this.begun) {
        if (!isSameTenancy(this.begun, tenancy))
          throw new Error('A transaction acts for one tenant from its beginning');
        return send();
      }
      const settings = settingsOf(tenancy, allTenantsRole);
      if (!settings) return send();
      if (callback !== undefined || typeof (statement as Submittable).submit === 'function')
        throw new Error('Outside of a transaction, only plain statements can act for a tenant');
      const config = (text === undefined ? statement : { text, values }) as pg.QueryConfig;
      // What acts across tenants is rare, and the settings of both kinds cannot have one name.
      return this.together(new TenantQuery(config, settings, named && !tenancy.across)) as never;
    }

    private async together(query: TenantQuery): Promise<unknown> {
      const { promise, resolve, reject } = Promise.withResolvers();
      query.callback = (error, result) => (error ? reject(error) : resolve(result));
      super.query(query as never);
      try {
        return await promise;
      } catch (error) {
        // As node-postgres does, so that the trace shows who asked.
        if (error instanceof Error) Error.captureStackTrace(error);
        throw error;
      }
    }
  };
}
