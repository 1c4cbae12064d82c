import { readFile } from 'node:fs/promises';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { type Engine, unrestricted } from '@platform/federation-engine';
import type { HealthCheck } from '@platform/foundation/health';
import type { LifecycleComponent } from '@platform/foundation/lifecycle';
import type { Logger } from '@platform/foundation/logging';
import { FileWatch } from '../supergraphs/file-watch.js';
import { InvalidManifest } from './errors.js';
import { type ListedOperation, readManifest } from './manifest.js';
import { OperationList } from './operation-list.js';
import type { PersistedQueries } from './persisted-queries.js';

interface ManifestFilesOptions {
  readonly files: readonly string[];
  /** How many of the operations are planned before they are asked for. */
  readonly warm: number;
  readonly logger: Logger;
  /** The engine that serves now. */
  readonly engine: () => Engine;
}

/** Keeps the list of persisted queries equal to the manifests. Ones that cannot be used change nothing. */
export class ManifestFiles implements LifecycleComponent {
  readonly name = 'persisted queries';
  private loads: Promise<void> = Promise.resolve();
  private refused: string | undefined;
  private read: string | undefined;

  constructor(
    private readonly queries: PersistedQueries,
    private readonly options: ManifestFilesOptions,
  ) {}

  /** @throws InvalidManifest: there is no list to go on with yet. */
  async start(): Promise<void> {
    if (this.options.files.length > 0) await this.load();
  }

  /** Reads the manifests whenever one of them changes. */
  watch(): LifecycleComponent[] {
    const { files, logger } = this.options;
    return files.length === 0 ? [] : [new FileWatch(files, () => void this.reload(), logger)];
  }

  /** Reads the manifests anew, one reading after another. Never rejects. */
  reload(): Promise<void> {
    this.loads = this.loads.then(async () => {
      try {
        await this.load();
        this.refused = undefined;
      } catch (error) {
        this.refused = error instanceof InvalidManifest ? error.message : String(error);
        this.options.logger.error(
          { reason: this.refused },
          'persisted query manifests rejected; keeping the previous ones',
        );
      }
    });
    return this.loads;
  }

  /** Plans listed operations on an engine, one per turn of the event loop, as callers see them who may have everything. */
  async warm(engine: Engine, { operations }: Pick<OperationList, 'operations'> = this.queries.list): Promise<void> {
    let planned = 0;
    for (const { body, name } of operations.slice(0, this.options.warm)) {
      await nextTurn();
      if (await engine.warm({ query: body, operationName: name, authorization: unrestricted, variables: {} }))
        planned += 1;
    }
    if (operations.length > 0) {
      this.options.logger.info({ operations: operations.length, planned }, 'persisted queries loaded');
    }
  }

  /** Fails, softly, while the newest manifests are not the ones in use. */
  healthCheck(): HealthCheck {
    return {
      name: 'persisted queries',
      severity: 'soft',
      check: async () => {
        if (this.refused !== undefined) throw new Error(this.refused);
      },
    };
  }

  private async load(): Promise<void> {
    const operations = (await readManifests(this.options.files)).flat();
    const read = JSON.stringify(operations);
    if (read === this.read) return;
    const list = new OperationList(operations);
    await this.warm(this.options.engine(), list);
    this.queries.list = list;
    this.read = read;
  }
}

/** Every operation of the manifests. @throws InvalidManifest */
export const readManifests = (files: readonly string[]): Promise<ListedOperation[][]> =>
  Promise.all(files.map(async (file) => readManifest(await textOf(file), file)));

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new InvalidManifest([`${file}: ${(error as Error).message}`]);
  }
}
