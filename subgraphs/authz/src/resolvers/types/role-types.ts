import { connectionOf } from '@platform/subgraph-server/graphql';
import { Field, InputType } from 'type-graphql';
import { Role } from '../../entities/index.js';

export const RoleConnection = connectionOf(Role);

@InputType()
export class CreateRoleInput {
  @Field(() => String)
  name!: string;

  @Field(() => String, { nullable: true })
  description?: string | null;

  @Field(() => [String], { nullable: true, defaultValue: [] })
  permissions?: string[] | null;
}

@InputType()
export class UpdateRoleInput {
  @Field(() => String, { nullable: true })
  name?: string | null;

  @Field(() => String, { nullable: true })
  description?: string | null;
}
