import { generateKeyPairSync } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';

/** The JWK of an Ed25519 private key in a file, as JSON text; a new one where there is no file. */
export async function readKeyFile(file: string): Promise<string> {
  const known = await readFile(file, 'utf8').catch(() => null);
  if (known !== null) return known;
  const { privateKey } = generateKeyPairSync('ed25519');
  const jwk = JSON.stringify(privateKey.export({ format: 'jwk' }));
  await writeFile(file, jwk, { flag: 'wx', mode: 0o600 });
  return jwk;
}
