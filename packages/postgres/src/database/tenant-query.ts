import pg from 'pg';
import type { TenantSettings } from './tenant-settings.js';

/** What node-postgres has of a connection and of a query, and does not declare. */
interface Wire {
  readonly submittedNamedStatements: Record<string, unknown>;
  parse(message: { text: string; name?: string }): void;
  bind(message: { statement?: string; values: readonly string[] }): void;
  execute(message: object): void;
}
interface WireQuery {
  name: string | undefined;
  callback: (error: Error | null, result: unknown) => void;
  requiresPreparation(): boolean;
  prepare(connection: Wire): void;
  handleDataRow(message: unknown): void;
  handleCommandComplete(message: unknown, connection: Wire): void;
  handleError(error: Error, connection: Wire): void;
}
const Query = pg.Query as unknown as new (config: pg.QueryConfig) => WireQuery;

/** Under what name a connection keeps the settings parsed. A name that was tried once may be taken. */
const names = new WeakMap<Wire, { parsed?: string; tries: number }>();

/**
 * A statement with settings that hold for it alone. Both are sent at once and run as one implicit transaction, at whose end the settings end
 * by themselves, whatever becomes of the statement: there is no other round trip, and nothing to be left behind on a connection that is shared.
 */
export class TenantQuery extends Query {
  /** The answers that come are those of the settings. */
  private settling = true;
  /** The statement's name, while what the server has parsed is the settings. */
  private laterName: string | undefined;
  private settingsName: string | undefined;

  /** @param named whether the connection keeps the settings parsed. */
  constructor(
    config: pg.QueryConfig,
    private readonly settings: TenantSettings,
    private readonly named: boolean,
  ) {
    super(config);
  }

  override requiresPreparation(): boolean {
    return true;
  }

  override prepare(connection: Wire): void {
    const known = this.named ? (names.get(connection) ?? { tries: 0 }) : undefined;
    const name = known?.parsed ?? (known && `tenant_${known.tries}`);
    if (!known?.parsed) connection.parse({ text: this.settings.text, ...(name !== undefined && { name }) });
    connection.bind({ values: this.settings.values, ...(name !== undefined && { statement: name }) });
    connection.execute({});
    super.prepare(connection);
    if (known?.parsed) return;
    if (known) names.set(connection, { tries: known.tries + 1 });
    this.settingsName = name;
    this.laterName = this.name;
    this.name = undefined;
  }

  override handleDataRow(message: unknown): void {
    if (!this.settling) super.handleDataRow(message);
  }

  override handleCommandComplete(message: unknown, connection: Wire): void {
    if (this.settling) this.settled(connection);
    else super.handleCommandComplete(message, connection);
  }

  private settled(connection: Wire): void {
    this.settling = false;
    this.name ??= this.laterName;
    if (this.settingsName !== undefined) names.set(connection, { parsed: this.settingsName, tries: 0 });
  }

  override handleError(error: Error, connection: Wire): void {
    if (this.settling && this.laterName !== undefined) delete connection.submittedNamedStatements[this.laterName];
    super.handleError(error, connection);
  }
}
