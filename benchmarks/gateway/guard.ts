import { createServer } from 'node:http';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { type Definition, definitions } from './subgraphs/definitions.js';

const ISSUER = 'https://issuer.example.com';
const SCOPE = '@requiresScopes(scopes: [["shop:read"]])';
const POLICY = '@policy(policies: [["reviews.read"]])';

/** A shop whose fields ask for a signed-in caller, a scope or a policy: something of each in most fetches of the workload. */
export const guardedDefinitions: Readonly<Record<string, Definition>> = {
  users: guarded('users', [['type User @key(fields: "id")', 'type User @key(fields: "id") @authenticated']]),
  products: guarded('products', [['price: Int', `price: Int ${SCOPE}`]]),
  inventory: guarded('inventory', [
    ['inStock(for: String): Boolean', `inStock(for: String): Boolean ${SCOPE}`],
    ['@requires(fields: "price weight")', `@requires(fields: "price weight") ${SCOPE}`],
  ]),
  reviews: guarded('reviews', [['body: String', `body: String ${POLICY}`]]),
};

function guarded(name: string, rules: readonly (readonly [string, string])[]): Definition {
  const { typeDefs, resolvers } = definitions[name] as Definition;
  const linked = typeDefs
    .replace('v2.3', 'v2.9')
    .replace('"@requires"]', '"@requires", "@authenticated", "@requiresScopes", "@policy"]');
  const text = rules.reduce((before, [plain, rule]) => {
    if (!before.includes(plain)) throw new Error(`${name} has no ${plain}`);
    return before.replace(plain, rule);
  }, linked);
  return { typeDefs: text, resolvers };
}

/** An issuer with one key, whose tokens have the scope and the role that everything asks for. */
export async function startIssuer(port: number): Promise<{ token: string; config: object; stop(): void }> {
  const { publicKey, privateKey } = await generateKeyPair('ES256');
  const jwk = { ...(await exportJWK(publicKey)), kid: 'key', alg: 'ES256', use: 'sig' };
  const server = createServer((_request, response) => response.end(JSON.stringify({ keys: [jwk] })));
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const token = await new SignJWT({ scope: 'shop:read', roles: ['reader'] })
    .setProtectedHeader({ alg: 'ES256', kid: 'key', typ: 'at+jwt' })
    .setIssuer(ISSUER)
    .setSubject('ada')
    .setExpirationTime('2h')
    .sign(privateKey);
  const config = {
    jwt: { issuers: [{ issuer: ISSUER, jwksUrl: `http://127.0.0.1:${port}/` }] },
    policies: { rules: { 'reviews.read': { roles: ['reader'] } } },
  };
  return { token, config, stop: () => server.close() };
}
