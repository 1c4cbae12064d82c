import type { Caller } from '@platform/auth';
import { Directive, Field, ID, ObjectType } from 'type-graphql';
import type { Session } from '../../entities/index.js';

/** A session as its owner sees it. */
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
