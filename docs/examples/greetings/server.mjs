// A subgraph that shares no code with the platform: Node.js and graphql-js. PORT and CALLER_TOKEN_PUBLIC_KEY say where and for whom.
import { createPublicKey, verify } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { buildASTSchema, extendSchema, graphql, parse } from 'graphql';

const NAME = 'greetings';
const sdl = readFileSync(new URL('schema.graphql', import.meta.url), 'utf8');
const key = createPublicKey({ key: JSON.parse(process.env.CALLER_TOKEN_PUBLIC_KEY), format: 'jwk' });

const FEDERATION = `
  scalar _Any
  scalar _FieldSet
  directive @link(url: String!, import: [String!]) repeatable on SCHEMA
  directive @key(fields: String!) repeatable on OBJECT
  directive @policy(policies: [[String!]!]!) on FIELD_DEFINITION
  type _Service { sdl: String! }
  union _Entity = User
  extend type Query { _service: _Service! _entities(representations: [_Any!]!): [_Entity]! }`;

const types = parse(sdl.replace(/^extend schema.*$/m, ''));
const schema = extendSchema(buildASTSchema(types, { assumeValidSDL: true }), parse(FEDERATION), {
  assumeValidSDL: true,
});

/** The payload of the caller token. @throws when it is not the router's, not for this subgraph, or expired */
function callerOf(token = '') {
  const [header, payload, signature] = token.split('.');
  const read = (part) => JSON.parse(Buffer.from(part ?? '', 'base64url').toString() || '{}');
  const { alg, typ } = read(header);
  const signed = verify(null, Buffer.from(`${header}.${payload}`), key, Buffer.from(signature ?? '', 'base64url'));
  const claims = read(payload);
  const fits = alg === 'EdDSA' && typ === 'caller+jwt' && claims.iss === 'platform-router' && claims.aud === NAME;
  if (!signed || !fits || !(claims.exp > Date.now() / 1000)) throw new Error('no caller token for this subgraph');
  return claims;
}

const rootValue = {
  _service: { sdl },
  _entities: ({ representations }) => representations.map((each) => ({ ...each, greeting: `Hello, user ${each.id}!` })),
  greeting: ({ name }, caller) =>
    `Hello, ${name}! You are ${caller.kind === 'user' ? `user ${caller.sub}` : caller.kind}.`,
};

const server = createServer(async (request, response) => {
  const answer = (status, body) =>
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  try {
    const caller = callerOf(request.headers['x-caller-token']);
    const chunks = await Array.fromAsync(request);
    const { query, variables, operationName } = JSON.parse(Buffer.concat(chunks));
    const result = await graphql({
      schema,
      source: query,
      rootValue,
      contextValue: caller,
      variableValues: variables,
      operationName,
    });
    answer(200, result);
  } catch (error) {
    answer(401, { errors: [{ message: error.message, extensions: { code: 'UNAUTHENTICATED' } }] });
  }
});
server.listen(Number(process.env.PORT), '127.0.0.1', () => console.log(`listening on ${server.address().port}`));
