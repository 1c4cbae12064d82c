import type { HttpRoutes } from '@platform/foundation/http';

/** What a blob must be that is sent to a link. */
export interface BlobContent {
  /** Media type. */
  readonly type: string;
  /** In bytes. */
  readonly size: number;
}

/** An address that is good for a while, for whoever has it. */
export interface BlobLink {
  readonly url: string;
  readonly expiresAt: Date;
}

/** Where to send the bytes, and with which headers. */
export interface UploadLink extends BlobLink {
  readonly method: 'PUT';
  readonly headers: Readonly<Record<string, string>>;
}

export interface StoredBlob {
  readonly key: string;
  /** In bytes. */
  readonly size: number;
  readonly storedAt: Date;
}

/**
 * Files beside the database, which clients send and fetch by signed links, so that no GraphQL request carries them. A key is
 * `{module}/{type}/{id}/{file}`; what lies under it never changes. Who may have a link, and what a blob is, its owner's database knows.
 */
export interface BlobStore {
  /** Takes exactly these bytes of this type, once. @throws InvalidBlobKey */
  presignUpload(key: string, content: BlobContent): UploadLink;
  /** Gives what is there, as the type. Stays the same for half of its life, so that browsers can keep what they have fetched. @throws InvalidBlobKey */
  presignDownload(key: string, type: string): BlobLink;
  /** Null where nothing is. @throws InvalidBlobKey */
  find(key: string): Promise<StoredBlob | null>;
  /** All blobs of a folder, `{module}/{type}/{id}`. @throws InvalidBlobKey */
  list(folder: string): Promise<readonly StoredBlob[]>;
  /** The first bytes of a blob, at most `length`; null where nothing is. @throws InvalidBlobKey */
  readHead(key: string, length: number): Promise<Buffer | null>;
  /** Also where nothing is. @throws InvalidBlobKey */
  delete(key: string): Promise<void>;
  /** What a process has to serve of it. */
  readonly routes: HttpRoutes;
}
