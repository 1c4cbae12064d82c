import type { Caller } from '@platform/auth';
import { Directive, Field, ID, ObjectType, registerEnumType } from 'type-graphql';
import { AuthenticationMethod, type Session } from '../../entities/index.js';
import { deviceName } from '../../services/device-name.js';

registerEnumType(AuthenticationMethod, {
  name: 'AuthenticationMethod',
  description: 'How a user was authenticated (amr).',
});

/** A session as its owner sees it, and who sees those of every user. */
@ObjectType('Session')
@Directive('@key(fields: "id")')
export class SessionView {
  constructor(
    readonly session: Session,
    private readonly caller: Caller,
  ) {}

  @Field(() => ID)
  get id(): string {
    return this.session.id;
  }

  @Field(() => Boolean)
  get current(): boolean {
    return this.session.id === this.caller.sessionId;
  }

  @Field(() => String, { nullable: true })
  get ipAddress(): string | null {
    return this.session.ipAddress;
  }

  @Field(() => String, { nullable: true })
  get userAgent(): string | null {
    return this.session.userAgent;
  }

  @Field(() => String, {
    nullable: true,
    description: 'Browser and system read from the user agent, such as Firefox on Windows; null when unrecognised.',
  })
  get deviceName(): string | null {
    return deviceName(this.session.userAgent);
  }

  @Field(() => [AuthenticationMethod], { description: 'How its user was authenticated.' })
  get methods(): AuthenticationMethod[] {
    return this.session.methods;
  }

  @Field(() => Date, {
    description: 'When its user last proved who they are; decides on REAUTHENTICATION_REQUIRED.',
  })
  get authenticatedAt(): Date {
    return this.session.authenticatedAt;
  }

  @Field(() => Date)
  get createdAt(): Date {
    return this.session.createdAt;
  }

  @Field(() => Date)
  get lastUsedAt(): Date {
    return this.session.lastUsedAt;
  }

  @Field(() => Date)
  get expiresAt(): Date {
    return this.session.expiresAt;
  }
}
