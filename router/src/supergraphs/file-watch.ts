import { type FSWatcher, watch } from 'node:fs';
import { basename, dirname } from 'node:path';
import type { LifecycleComponent } from '@platform/foundation/lifecycle';
import type { Logger } from '@platform/foundation/logging';

/** Files are often written in several steps, or several at a time: after the last sign of a change this long, in ms. */
const SETTLED = 100;

/**
 * Tells when any of the files may have changed. Their folders are watched, not the files: editors, `mv` and mounted ConfigMaps
 * put another file in the place of the one before.
 */
export class FileWatch implements LifecycleComponent {
  readonly name = 'file watch';
  private readonly watchers: FSWatcher[] = [];
  private settling: NodeJS.Timeout | undefined;

  constructor(
    private readonly files: readonly string[],
    private readonly onChange: () => void,
    private readonly logger: Logger,
  ) {}

  async start(): Promise<void> {
    for (const folder of new Set(this.files.map((file) => dirname(file)))) {
      const watcher = watch(folder, { persistent: false }, (_event, name) => {
        if (this.concerns(name)) this.changed();
      });
      watcher.on('error', (error) =>
        this.logger.warn({ folder, err: error }, 'file watch failed; changes need SIGHUP'),
      );
      this.watchers.push(watcher);
    }
    // What changed between the first reading and now was seen by nobody.
    this.changed();
  }

  async stop(): Promise<void> {
    clearTimeout(this.settling);
    for (const watcher of this.watchers.splice(0)) watcher.close();
  }

  /** Logs and other files may lie in the same folder; a ConfigMap changes as a whole, by its link `..data`. */
  private concerns(name: string | null): boolean {
    return name === null || name.startsWith('..') || this.files.some((file) => basename(file) === name);
  }

  private changed(): void {
    clearTimeout(this.settling);
    this.settling = setTimeout(this.onChange, SETTLED);
  }
}
