import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { rolePassword, runtimeRole } from '@platform/postgres/database';
import { subgraphNames } from '@platform/runtime/modules';
import { projectFile } from './compose-file.js';

/** The variables of a file as Compose reads it. */
export const envFile = (name: string): Record<string, string> =>
  Object.fromEntries([...projectFile(name).matchAll(/^(\w+)=(.*)$/gm)].map(([, key, value]) => [key, value]));

/** .env.example, filled in as a person would. */
export function productionVariables(): Record<string, string> {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const roleSecret = secret();
  return {
    ...envFile('.env.example'),
    POSTGRES_PASSWORD: secret(),
    DATABASE_ROLE_SECRET: roleSecret,
    IDENTITY_KEY_ENCRYPTION_SECRET: secret(),
    AUDIT_SIGNING_KEY: jwk(generateKeyPairSync('ed25519').privateKey),
    CALLER_TOKEN_PRIVATE_KEY: jwk(privateKey),
    CALLER_TOKEN_PUBLIC_KEY: jwk(publicKey),
    SEED_ADMIN_PASSWORD: secret(),
    MAIL_SMTP_PASSWORD: secret(),
    KAFKA_ADMIN_PASSWORD: secret(),
    ...Object.fromEntries(subgraphNames.map((name) => [`${name.toUpperCase()}_KAFKA_PASSWORD`, secret()])),
    ...Object.fromEntries(
      subgraphNames.map((name) => [`${name.toUpperCase()}_ROLE_PASSWORD`, rolePassword(roleSecret, runtimeRole(name))]),
    ),
  };
}

const secret = (): string => randomBytes(32).toString('base64url');
const jwk = (key: import('node:crypto').KeyObject): string => JSON.stringify(key.export({ format: 'jwk' }));
