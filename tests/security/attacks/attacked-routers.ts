import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { composeSupergraph } from '@platform/federation-engine/composition';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { JsonService } from '../../e2e/json-service.js';
import { StandAloneRouter } from '../../e2e/stand-alone-router.js';
import type { Target } from './attack.js';
import { AttackedSubgraphs } from './attacked-subgraphs.js';
import { MANIFEST } from './safelist.js';

const ISSUER = 'https://issuer.example.com';

/** How each router differs from one in production: what is off by default and attacked here is on, and slow clients are told sooner. */
const configurations: Readonly<Record<Target, object>> = {
  open: {
    server: { headersTimeout: '2s', requestTimeout: '4s' },
    router: {
      batching: { enabled: true },
      cost: { mode: 'enforce' },
      headers: { subgraphs: { shop: { forward: ['authorization'] } } },
    },
  },
  safelisted: {
    router: { batching: { enabled: true }, persistedQueries: { mode: 'safelist', manifests: ['manifest.json'] } },
  },
  limited: { router: { batching: { enabled: true }, ...limits('Spoofed', 'Batched') } },
  'behind a proxy': { server: { proxies: { trusted: ['127.0.0.1'] } }, router: limits('Proxied') },
};

/** Rate limits as the platform has them, with an operation each that may be asked once. */
function limits(...names: string[]): object {
  const once = { limit: 1, window: '1h', per: 'ip' };
  return {
    rateLimit: {
      enabled: true,
      operations: Object.fromEntries(names.map((name) => [name, once])),
      fields: { Mutation: { order: { ...once, limit: 3 } } },
    },
  };
}

/** Routers as production has them, each a process of its own, in front of subgraphs that count what reaches them. */
export class AttackedRouters {
  private readonly routers = new Map<Target, Promise<StandAloneRouter>>();

  private constructor(
    readonly subgraphs: AttackedSubgraphs,
    private readonly sdl: string,
    private readonly keys: JsonService,
    /** An access token of the person, who may sign in anywhere. */
    readonly token: (subject: string) => Promise<string>,
  ) {}

  static async prepare(): Promise<AttackedRouters> {
    const subgraphs = await AttackedSubgraphs.start();
    const { publicKey, privateKey } = await generateKeyPair('ES256');
    const jwk = { ...(await exportJWK(publicKey)), kid: 'key', alg: 'ES256' };
    const keys = await JsonService.start(() => ({ keys: [jwk] }));
    const token = (subject: string) =>
      new SignJWT({ sub: subject })
        .setProtectedHeader({ alg: 'ES256', kid: 'key' })
        .setIssuer(ISSUER)
        .setExpirationTime('1h')
        .sign(privateKey);
    return new AttackedRouters(subgraphs, composeSupergraph(subgraphs.definitions).sdl, keys, token);
  }

  /** Where the router listens; it is started when it is first attacked. */
  async url(target: Target): Promise<string> {
    let router = this.routers.get(target);
    if (!router) {
      router = this.start(target);
      this.routers.set(target, router);
    }
    return (await router).url;
  }

  async stop(): Promise<void> {
    for (const router of this.routers.values()) await (await router).stop();
    await Promise.all([this.subgraphs.stop(), this.keys.stop()]);
  }

  private async start(target: Target): Promise<StandAloneRouter> {
    const folder = await mkdtemp(join(tmpdir(), 'manifest-'));
    await writeFile(join(folder, 'manifest.json'), JSON.stringify(MANIFEST));
    const jwt = { issuers: [{ issuer: ISSUER, jwksUrl: this.keys.url }] };
    const config = JSON.stringify({ ...configurations[target], jwt }).replace(
      '"manifest.json"',
      JSON.stringify(join(folder, 'manifest.json')),
    );
    return StandAloneRouter.start({
      sdl: this.sdl,
      config,
      env: { PLATFORM_ENV: 'production', SERVER_HOST: '127.0.0.1' },
    });
  }
}
