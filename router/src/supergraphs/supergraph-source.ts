import type { LifecycleComponent } from '@platform/foundation/lifecycle';
import type { Logger } from '@platform/foundation/logging';
import { FileWatch } from './file-watch.js';
import type { Supergraphs } from './supergraphs.js';

/** Where supergraphs come from, as often as they change. */
export interface SupergraphSource {
  /** The newest SDL. Rejects with the reason when there is none that can be read or composed. */
  read(): Promise<string>;
  /** A change of one of these files may change it. */
  readonly files: readonly string[];
  /** Whether others than the operator choose what is in it, the URLs of subgraphs included. */
  readonly foreign?: boolean;
  /** For sources that learn of changes by themselves: the part that listens, and tells of each. */
  follow?(onChange: () => void): LifecycleComponent;
}

/** Reads the source anew and serves what it holds, or says why not. */
export async function refresh(supergraphs: Supergraphs, source: SupergraphSource): Promise<void> {
  try {
    await supergraphs.offer(await source.read());
  } catch (error) {
    supergraphs.refuse(error instanceof Error ? error.message : String(error));
  }
}

/** Keeps what is served equal to the source for as long as it runs. */
export function followed(supergraphs: Supergraphs, source: SupergraphSource, logger: Logger): LifecycleComponent[] {
  const changed = () => void refresh(supergraphs, source);
  const listener = source.follow?.(changed);
  if (source.files.length === 0) return listener ? [listener] : [];
  return [new FileWatch(source.files, changed, logger)];
}
