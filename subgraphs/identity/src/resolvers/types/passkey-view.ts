import { DateTime, Json } from '@platform/subgraph-server/graphql';
import { Directive, Field, ID, Int, ObjectType } from 'type-graphql';
import type { Passkey } from '../../entities/index.js';
import { CHALLENGE_LIFETIME, type PasskeyCeremony } from '../../services/factors/index.js';

/** A passkey as its owner sees it. */
@ObjectType('Passkey', { description: 'A WebAuthn credential; its owner sees it.' })
@Directive('@key(fields: "id")')
export class PasskeyView {
  constructor(private readonly passkey: Passkey) {}

  @Field(() => ID, { description: 'Opaque id.' })
  get id(): string {
    return this.passkey.id;
  }

  @Field(() => String, { description: 'Name given by the user; that of the authenticator at first.' })
  get name(): string {
    return this.passkey.name;
  }

  @Field(() => Boolean, { description: 'Whether the provider synchronises it between devices.' })
  get synced(): boolean {
    return this.passkey.synced;
  }

  @Field(() => DateTime, { description: 'When it was registered.' })
  get createdAt(): Date {
    return this.passkey.createdAt;
  }

  @Field(() => DateTime, { nullable: true, description: 'When it was last used; null: never.' })
  get lastUsedAt(): Date | null {
    return this.passkey.lastUsedAt;
  }
}

/** What a browser needs for a passkey. */
@ObjectType({ description: 'A WebAuthn ceremony that was started.' })
export class PasskeyChallenge {
  constructor(private readonly ceremony: PasskeyCeremony) {}

  @Field(() => String, { description: "Opaque; goes back with the browser's answer." })
  get challenge(): string {
    return this.ceremony.challenge;
  }

  @Field(() => Json, {
    description: 'PublicKeyCredentialCreationOptionsJSON or PublicKeyCredentialRequestOptionsJSON for the browser.',
  })
  get options(): unknown {
    return this.ceremony.options;
  }

  @Field(() => Int, { description: 'Seconds until the challenge expires.' })
  get expiresIn(): number {
    return CHALLENGE_LIFETIME / 1000;
  }
}
