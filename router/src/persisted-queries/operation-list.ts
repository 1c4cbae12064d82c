import { InvalidManifest } from './errors.js';
import type { ListedOperation } from './manifest.js';

/** The operations of all manifests together. Nothing of it changes: a new one replaces it as a whole. */
export class OperationList {
  private readonly byId = new Map<string, ListedOperation>();
  private readonly texts = new Set<string>();

  /** @throws InvalidManifest when one id means different operations to the same client. */
  constructor(readonly operations: readonly ListedOperation[]) {
    const mistakes: string[] = [];
    for (const operation of operations) {
      const key = keyOf(operation.id, operation.clientName);
      const known = this.byId.get(key);
      if (known && known.normalised !== operation.normalised) {
        mistakes.push(`${operation.file}: ${operation.id} stands for another operation in ${known.file}`);
      }
      this.byId.set(key, operation);
      this.texts.add(operation.normalised);
    }
    if (mistakes.length > 0) throw new InvalidManifest(mistakes);
  }

  /** The client's own operation of that id, else everybody's. Hive's ids name their client, as in `web~1.2.0~hash`. */
  find(id: string, clientName: string | undefined): ListedOperation | undefined {
    const own = clientName === undefined ? undefined : this.byId.get(keyOf(id, clientName));
    const known = own ?? this.byId.get(keyOf(id, undefined));
    const [client, version, hash, ...more] = id.split('~');
    if (known || !client || !version || !hash || more.length > 0) return known;
    return this.byId.get(keyOf(hash, client)) ?? this.byId.get(keyOf(hash, undefined));
  }

  /** Whether a document means the same as one of the list. */
  has(normalised: string): boolean {
    return this.texts.has(normalised);
  }
}

const keyOf = (id: string, clientName: string | undefined): string => JSON.stringify([id, clientName ?? null]);
