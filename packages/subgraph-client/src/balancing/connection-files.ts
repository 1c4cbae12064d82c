import { readFileSync } from 'node:fs';
import type { InstancesConfig } from '@platform/foundation/config';
import type { TlsOptions } from '../endpoints/index.js';
import { RequestSigner, UnusableKey } from '../signatures/index.js';

/** What signs requests to a subgraph; undefined where they are not signed. @throws UnusableKey */
export function signerOf({ signatures }: InstancesConfig, name: string): RequestSigner | undefined {
  const own = signatures[name];
  if (!own) return undefined;
  const { keyId, algorithm, keyFile } = own;
  try {
    return new RequestSigner({ keyId, algorithm, key: readFileSync(keyFile, 'utf8'), audience: name });
  } catch (error) {
    throw new UnusableKey(`discovery.signatures.${name}`, keyFile, error);
  }
}

/** What the files hold that `discovery.tls` names for a subgraph. @throws what a file cannot be read with */
export function tlsOf({ tls }: InstancesConfig, name: string): TlsOptions | undefined {
  const files = tls[name];
  if (!files) return undefined;
  const read = (file: string | undefined) => file && readFileSync(file, 'utf8');
  return { ca: read(files.ca), cert: read(files.cert), key: read(files.key) };
}
