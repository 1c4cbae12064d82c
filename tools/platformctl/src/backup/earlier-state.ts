import { OperatorError } from '@platform/foundation/errors';
import {
  beginRestore,
  bringSchemasBack,
  dropSchemasAside,
  endRestore,
  restoreState,
  setSchemasAside,
} from '@platform/postgres/backup';
import { bringFilesBack, removeFiles, removeFilesAside, setFilesAside } from './data-files.js';

/** What is there is neither the earlier state nor the restored one. */
export class RestoreUnfinished extends OperatorError {
  constructor(cause?: unknown) {
    const why = cause instanceof Error ? `: ${cause.message}` : '';
    super(
      `Restoring was cut short${why}. What was there before is set aside; the next platformctl restore brings it back first.`,
      { cause },
    );
  }
}

/** What a restoring replaces: database and data directory, which are set aside while it works. Each step can be taken again after a crash in it. */
export class EarlierState {
  constructor(
    private readonly url: string,
    private readonly schemas: readonly string[],
    private readonly dataDir: string,
  ) {}

  /** Sets it aside, removes it once `work` has put another in its place, and brings it back when that fails. @throws DatabaseInUse */
  async replacedBy(work: () => Promise<void>): Promise<void> {
    await beginRestore(this.url, this.schemas);
    try {
      await setFilesAside(this.dataDir);
      await setSchemasAside(this.url, this.schemas);
      await work();
      await dropSchemasAside(this.url, this.schemas);
    } catch (error) {
      await this.bringBack().catch(() => {
        throw new RestoreUnfinished(error);
      });
      throw error;
    }
    await this.forget();
  }

  /** Takes back what a restoring that did not end has done, or ends it where only removing was left. */
  async bringBack(): Promise<void> {
    const state = await restoreState(this.url);
    if (!state) return;
    if (state === 'done') return this.forget();
    if (state === 'loading') {
      await removeFiles(this.dataDir);
      await bringSchemasBack(this.url, this.schemas);
    }
    await bringFilesBack(this.dataDir);
    await endRestore(this.url);
  }

  private async forget(): Promise<void> {
    await removeFilesAside(this.dataDir);
    await endRestore(this.url);
  }
}
