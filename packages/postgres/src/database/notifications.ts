import { setTimeout as wait } from 'node:timers/promises';
import type { Logger } from '@platform/foundation/logging';
import type pg from 'pg';
import { ownConnection } from '../connection/own-connection.js';

type Hear = (payload: string) => void;

const RECONNECT_PAUSE = 500;

/**
 * What is told on one channel of the database (NOTIFY), as its transactions commit, by whichever process. Takes a connection of its own while
 * somebody listens; what is told while that is lost is missed.
 */
export class Notifications {
  private readonly listeners = new Set<Hear>();
  private client: Promise<pg.Client> | undefined;

  constructor(
    private readonly url: string,
    private readonly channel: string,
    private readonly logger: Logger,
  ) {}

  /** Resolves once nothing that commits from now on is missed; the answered function ends it. @throws what connecting failed with. */
  async listen(hear: Hear): Promise<() => void> {
    this.listeners.add(hear);
    try {
      this.client ??= this.connect();
      await this.client;
    } catch (error) {
      this.leave(hear);
      throw error;
    }
    return () => this.leave(hear);
  }

  async stop(): Promise<void> {
    this.listeners.clear();
    await this.disconnect();
  }

  private leave(hear: Hear): void {
    this.listeners.delete(hear);
    if (this.listeners.size === 0) void this.disconnect();
  }

  private async connect(): Promise<pg.Client> {
    const client = await ownConnection({ connectionString: this.url, keepAlive: true });
    client.on('notification', ({ payload = '' }) => {
      for (const hear of this.listeners) hear(payload);
    });
    client.on('error', (error) =>
      this.logger.warn({ channel: this.channel, err: error }, 'database notifications interrupted; reconnecting'),
    );
    try {
      await client.query(`LISTEN ${client.escapeIdentifier(this.channel)}`);
    } catch (error) {
      this.client = undefined;
      await client.end().catch(() => {});
      throw error;
    }
    client.on('end', () => void this.reconnect(client));
    return client;
  }

  private async reconnect(lost: pg.Client): Promise<void> {
    if ((await this.client) !== lost) return;
    this.client = undefined;
    while (this.listeners.size > 0 && !this.client) {
      const connecting = this.connect();
      this.client = connecting;
      if (await connecting.catch(() => null)) return;
      await wait(RECONNECT_PAUSE, undefined, { ref: false });
    }
  }

  private async disconnect(): Promise<void> {
    const client = await this.client?.catch(() => undefined);
    if (this.listeners.size > 0) return;
    this.client = undefined;
    await client?.end().catch(() => {});
  }
}
