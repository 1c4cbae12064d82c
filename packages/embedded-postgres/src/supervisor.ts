import { setTimeout as wait } from 'node:timers/promises';
import { retryDelay } from '@platform/foundation/retry';
import { EmbeddedPostgresFailed } from './errors.js';
import type { Postmaster } from './postmaster.js';

const RESTART_POLICY = { initialDelay: 200, maxDelay: 10_000, jitter: 0 };
const RESTARTS = 8;
/** A server that has run for so long was not broken from the start. */
const SOUND_MS = 30_000;

interface SupervisorOptions {
  /** Starts the server once more, where its clients know it to be. */
  readonly restart: () => Promise<Postmaster>;
  readonly onNotice: (message: string) => void;
}

/** Starts a server again that ends without having been asked to, ever more slowly. A server that ends time after time ends the process. */
export class Supervisor {
  private restarts = 0;
  private stopping = false;
  private recovering: Promise<void> | undefined;
  private server: Postmaster;

  constructor(
    server: Postmaster,
    private readonly options: SupervisorOptions,
  ) {
    this.server = server;
    this.watch();
  }

  /** Also in the middle of a restart, which it lets finish first: no server is left behind. */
  async stop(): Promise<void> {
    this.stopping = true;
    await this.recovering?.catch(() => undefined);
    await this.server.stop();
  }

  private watch(): void {
    const since = performance.now();
    this.server.onUnexpectedEnd((ended) => {
      if (this.stopping) return;
      if (performance.now() - since > SOUND_MS) this.restarts = 0;
      // Nobody can go on when this fails: the process ends by it as by any failure that nobody handles.
      this.recovering = this.recover(ended);
    });
  }

  /** @throws EmbeddedPostgresFailed */
  private async recover(ended: string): Promise<void> {
    for (let reason = ended; !this.stopping; ) {
      if (this.restarts === RESTARTS) throw new EmbeddedPostgresFailed(`it ended ${RESTARTS} times. ${reason}`);
      this.restarts += 1;
      const pause = retryDelay(RESTART_POLICY, this.restarts);
      this.options.onNotice(`${reason}; restarting in ${pause} ms`);
      await wait(pause);
      if (this.stopping) return;
      try {
        this.server = await this.options.restart();
        this.options.onNotice('postgres restarted');
        return this.watch();
      } catch (error) {
        reason = `PostgreSQL did not start: ${(error as Error).message.split('\n').at(-1)}`;
      }
    }
  }
}
