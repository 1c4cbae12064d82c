import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { ALL_TENANTS_VERSION, type RevocationVersions, tenantVersion, userVersion } from '@platform/auth';
import type { Clock } from '@platform/foundation/clock';
import { knownQuery } from '@platform/foundation/http';

/** Where a finished export can be fetched for a while by whoever has the address. */
export interface DownloadLink {
  readonly url: string;
  readonly expiresAt: Date;
}

/** Whose link leads to which job, of which tenant. */
export interface LinkedExport {
  readonly jobId: string;
  readonly tenantId: string;
  /** The user who asked for the export; null for a service. */
  readonly askedBy: string | null;
}

/** The path of an export's download. */
export const DOWNLOAD_PATH = '/audit/exports/:jobId';

/** Path and query of a download, made anew from what a request's route matched, for a process that passes requests on; undefined where the id is none. */
export function downloadTarget(jobId: string, given: Readonly<Record<string, unknown>>): string | undefined {
  if (!/^[\w-]{1,100}$/.test(jobId)) return undefined;
  return DOWNLOAD_PATH.replace(':jobId', jobId) + knownQuery(given, ['expires', 'signature']);
}

/**
 * Signed addresses of exports. The signature covers the job, the time until when, and what was true of the user and the tenant when it was
 * made: a link is of no use any more once the user signs out, is locked, or loses a role, or a role of the tenant changes.
 */
export class DownloadLinks {
  private readonly key: Buffer;

  constructor(
    private readonly options: {
      /** Where the process is reached that serves them. */
      readonly baseUrl: string;
      /** In ms. */
      readonly lifetime: number;
      /** What the key of the signatures is derived from. */
      readonly secret: string;
      readonly revocations: RevocationVersions;
      readonly clock: Clock;
    },
  ) {
    this.key = Buffer.from(hkdfSync('sha256', options.secret, '', 'audit export links', 32));
  }

  /** @throws RevocationStoreUnavailable when it is not known what is true of the user now. */
  async linkTo(job: LinkedExport): Promise<DownloadLink> {
    const { baseUrl, lifetime, clock } = this.options;
    const expires = Math.floor((clock.now().getTime() + lifetime) / 1000);
    const signature = await this.signature(job, expires);
    const path = DOWNLOAD_PATH.replace(':jobId', job.jobId);
    return { url: `${baseUrl}${path}?expires=${expires}&signature=${signature}`, expiresAt: new Date(expires * 1000) };
  }

  /** Whether the signature is this log's, still in time, and what it was made on still true. @throws RevocationStoreUnavailable */
  async isGood(job: LinkedExport, expires: number, signature: string): Promise<boolean> {
    if (!Number.isSafeInteger(expires) || expires * 1000 < this.options.clock.now().getTime()) return false;
    const [given, expected] = [Buffer.from(signature), Buffer.from(await this.signature(job, expires))];
    return given.length === expected.length && timingSafeEqual(given, expected);
  }

  private async signature({ jobId, tenantId, askedBy }: LinkedExport, expires: number): Promise<string> {
    const revocations = await this.options.revocations.read([
      ALL_TENANTS_VERSION,
      tenantVersion(tenantId),
      ...(askedBy === null ? [] : [userVersion(askedBy)]),
    ]);
    return createHmac('sha256', this.key)
      .update(JSON.stringify([jobId, askedBy, expires, revocations]))
      .digest('base64url');
  }
}
