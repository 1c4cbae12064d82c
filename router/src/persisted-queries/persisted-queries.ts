import type { Logger } from '@platform/foundation/logging';
import type { Metrics } from '@platform/foundation/metrics';
import type { DocumentNode } from 'graphql';
import { BadRequest } from '../errors.js';
import { type AutomaticQueries, isHashOf } from './automatic-queries.js';
import {
  CannotSendIdAndBody,
  PersistedQueryIdRequired,
  PersistedQueryNotFound,
  PersistedQueryNotInList,
  PersistedQueryNotSupported,
  QueryNotInSafelist,
} from './errors.js';
import { selectsIntrospectionOnly } from './introspection-only.js';
import { normalised } from './normalised.js';
import { OperationList } from './operation-list.js';
import { PersistedQueryMetrics } from './persisted-query-metrics.js';
import type { RequestedId } from './requested-id.js';

/** What happens to operations that no manifest has. */
export type PersistedQueryMode = 'off' | 'audit' | 'safelist' | 'safelist-by-id';

/** Who asks, as far as persisted queries go. */
export interface Asker {
  readonly clientName: string | undefined;
}

/** The text that a request means, and how it came to be known. */
export interface FoundQuery {
  readonly text: string;
  readonly source: 'listed' | 'automatic' | 'body';
  /** A text that is to be kept under this hash once it has proved to be valid. */
  readonly registers?: string;
}

interface PersistedQueryOptions {
  readonly mode: PersistedQueryMode;
  /** Refusals are reported and not made. */
  readonly shadow: boolean;
  /** Operations that read nothing but the schema need not be listed. */
  readonly introspection: boolean;
  /** Undefined where queries cannot register themselves. */
  readonly automatic: AutomaticQueries | undefined;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

type Refusal = CannotSendIdAndBody | PersistedQueryIdRequired | PersistedQueryNotInList | QueryNotInSafelist;

/** Which operations are answered, and under which ids they are known. */
export class PersistedQueries {
  list = new OperationList([]);
  private readonly listed = new WeakMap<DocumentNode, { readonly list: OperationList; readonly has: boolean }>();

  constructor(private readonly options: PersistedQueryOptions) {}

  private get enforces(): boolean {
    return this.options.mode.startsWith('safelist') && !this.options.shadow;
  }

  /** What an id and, where there is one, a document beside it mean. @throws one of the coded refusals, or BadRequest. */
  async find({ id, isHash }: RequestedId, body: string, { clientName }: Asker): Promise<FoundQuery> {
    const automatic = isHash ? this.options.automatic : undefined;
    const listed = this.list.find(id, clientName);
    if (body !== '' && this.options.mode.startsWith('safelist')) this.refuse(new CannotSendIdAndBody(), clientName);
    if (listed && body === '') return this.counted({ text: listed.body, source: 'listed' });
    if (this.enforces) throw new PersistedQueryNotInList();

    if (body !== '') {
      if (!automatic) throw isHash ? new PersistedQueryNotSupported() : new CannotSendIdAndBody();
      if (!isHashOf(id, body)) throw new BadRequest('The hash of the persisted query is not that of its document.');
      return this.counted({ text: body, source: 'body', registers: id });
    }
    const text = await automatic?.find(id);
    if (text !== undefined) return this.counted({ text, source: 'automatic' });
    this.options.metrics.of(PersistedQueryMetrics).queries.inc({ source: 'unknown' });
    if (automatic) throw new PersistedQueryNotFound();
    throw isHash && this.options.mode === 'off' ? new PersistedQueryNotSupported() : new PersistedQueryNotInList();
  }

  /** Keeps a text that has proved to be valid. */
  async register(hash: string, text: string): Promise<void> {
    await this.options.automatic?.keep(hash, text);
  }

  /** Lets a document pass that did not come from the list. @throws QueryNotInSafelist, PersistedQueryIdRequired */
  admit(document: DocumentNode, { clientName }: Asker): void {
    const { mode, introspection } = this.options;
    if (mode === 'off' || (introspection && selectsIntrospectionOnly(document))) return;
    if (mode === 'safelist-by-id') this.refuse(new PersistedQueryIdRequired(), clientName);
    else if (!this.isListed(document)) this.refuse(new QueryNotInSafelist(), clientName);
  }

  private isListed(document: DocumentNode): boolean {
    const { list } = this;
    const known = this.listed.get(document);
    if (known?.list === list) return known.has;
    const has = list.has(normalised(document));
    this.listed.set(document, { list, has });
    return has;
  }

  private refuse(refusal: Refusal, clientName: string | undefined): void {
    this.options.metrics
      .of(PersistedQueryMetrics)
      .rejections.inc({ code: refusal.code, enforced: String(this.enforces) });
    if (this.enforces) throw refusal;
    this.options.logger.warn({ code: refusal.code, clientName }, 'operation not found in manifests');
  }

  private counted(found: FoundQuery): FoundQuery {
    this.options.metrics.of(PersistedQueryMetrics).queries.inc({ source: found.source });
    return found;
  }
}
