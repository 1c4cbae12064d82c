import { join } from 'node:path';
import type { Clock } from '@platform/foundation/clock';
import type { ProcessConfig } from '@platform/foundation/config';
import type { ErrorBus } from '@platform/foundation/errors';
import type { HttpRoutes } from '@platform/foundation/http';
import type { LifecycleComponent } from '@platform/foundation/lifecycle';
import { runtimePassword } from '@platform/postgres/database';
import { BlobFolder } from './blob-folder.js';
import { checkedKey } from './blob-key.js';
import { blobRoutes } from './blob-routes.js';
import type { BlobContent, BlobLink, BlobStore, StoredBlob, UploadLink } from './blob-store.js';
import { PresignedUrls } from './presigned-urls.js';
import { StaleUploads } from './stale-uploads.js';

/** Blobs of one module in a folder of this machine, sent and fetched through its process. Instances on several machines share a volume. */
export class LocalBlobs implements BlobStore {
  readonly routes: HttpRoutes;
  /** Runs with the module's process. */
  readonly part: LifecycleComponent;
  private readonly folder: BlobFolder;
  private readonly links: PresignedUrls;

  constructor(module: string, { platform, blobs, database }: ProcessConfig, clock: Clock, errors: ErrorBus) {
    this.folder = new BlobFolder(join(platform.dataDir, 'blobs'));
    this.links = new PresignedUrls({
      baseUrl: blobs.publicUrl,
      lifetime: blobs.linkLifetime,
      secret: runtimePassword(database, module),
      clock,
    });
    this.routes = blobRoutes(module, this.folder, this.links);
    this.part = new StaleUploads(this.folder, module, errors);
  }

  presignUpload(key: string, { type, size }: BlobContent): UploadLink {
    const link = this.links.presign({ method: 'PUT', key: checkedKey(key), type, size });
    return { ...link, method: 'PUT', headers: { 'content-type': type } };
  }

  presignDownload(key: string, type: string): BlobLink {
    return this.links.presign({ method: 'GET', key, type });
  }

  find(key: string): Promise<StoredBlob | null> {
    return this.folder.find(key);
  }

  list(folder: string): Promise<readonly StoredBlob[]> {
    return this.folder.list(folder);
  }

  readHead(key: string, length: number): Promise<Buffer | null> {
    return this.folder.readHead(key, length);
  }

  delete(key: string): Promise<void> {
    return this.folder.delete(key);
  }
}
