import { Json } from '@platform/subgraph-server/graphql';
import { Directive, Query, Resolver } from 'type-graphql';
import type { SigningKeys } from '../services/tokens/index.js';

/** What the router publishes at /.well-known/jwks.json. Not part of the public schema. */
@Resolver()
export class SigningKeyResolver {
  constructor(private readonly keys: SigningKeys) {}

  @Query(() => Json, { description: 'A JWK Set (RFC 7517) of the keys that access tokens are signed with.' })
  @Directive('@inaccessible')
  signingKeys(): Promise<unknown> {
    return this.keys.publicKeys();
  }
}
