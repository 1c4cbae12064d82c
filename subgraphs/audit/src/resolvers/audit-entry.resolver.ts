import { Json, PAGED_LIST_SIZE, PageArguments, policy } from '@platform/subgraph-server/graphql';
import {
  Arg,
  Args,
  Ctx,
  Directive,
  FieldResolver,
  ID,
  Mutation,
  Query,
  Resolver,
  Root,
  Subscription,
} from 'type-graphql';
import { AuditEntry, criteriaOf, type JsonValue, ServiceAccount, User } from '../entities/index.js';
import type { AuditContext } from '../loaders/index.js';
import type { AuditSearch, AuditService } from '../services/index.js';
import { AuditEntryConnection, AuditFilter, RecordAuditEntryInput } from './types/index.js';

@Resolver(() => AuditEntry)
export class AuditEntryResolver {
  constructor(
    private readonly service: AuditService,
    private readonly search: AuditSearch,
  ) {}

  @Query(() => AuditEntry, { nullable: true })
  @Directive(policy('audit.entry.read'))
  auditEntry(@Arg('id', () => ID) id: string, @Ctx() { loaders }: AuditContext): Promise<AuditEntry | null> {
    return loaders.entryById.load(id);
  }

  @Query(() => AuditEntryConnection, { nullable: true, description: 'Newest first.' })
  @Directive(PAGED_LIST_SIZE)
  @Directive(policy('audit.entry.read'))
  async auditEntries(
    @Arg('filter', () => AuditFilter, { nullable: true }) filter: AuditFilter | null,
    @Args(() => PageArguments) page: PageArguments,
  ): Promise<AuditEntryConnection> {
    return new AuditEntryConnection(await this.search.find(criteriaOf(filter), page));
  }

  @Mutation(() => AuditEntry, { nullable: true })
  @Directive(policy('audit.entry.record'))
  recordAuditEntry(
    @Arg('input', () => RecordAuditEntryInput) input: RecordAuditEntryInput,
    @Ctx() { caller }: AuditContext,
  ): Promise<AuditEntry> {
    return this.service.record(caller, input);
  }

  @Subscription(() => AuditEntry, {
    subscribe: ({ args, context }) => context.loaders.recordedEntries(criteriaOf(args.filter ?? null)),
  })
  @Directive(policy('audit.entry.read'))
  auditEntryRecorded(
    @Root() entry: AuditEntry,
    @Arg('filter', () => AuditFilter, { nullable: true }) _filter: AuditFilter | null,
  ): AuditEntry {
    return entry;
  }

  @FieldResolver(() => User, { nullable: true, description: 'Null when nobody was signed in.' })
  actor(@Root() { actorId }: AuditEntry): User | null {
    return actorId === null ? null : new User(actorId);
  }

  @FieldResolver(() => ServiceAccount, {
    nullable: true,
    description: 'The service account that acted; null for people.',
  })
  serviceAccount(@Root() { serviceAccountId }: AuditEntry): ServiceAccount | null {
    return serviceAccountId === null ? null : new ServiceAccount(serviceAccountId);
  }

  @FieldResolver(() => String, { nullable: true })
  async ipAddress(@Root() entry: AuditEntry, @Ctx() { loaders }: AuditContext): Promise<string | null> {
    return (await loaders.originOf(entry)).ipAddress;
  }

  @FieldResolver(() => String, { nullable: true })
  async userAgent(@Root() entry: AuditEntry, @Ctx() { loaders }: AuditContext): Promise<string | null> {
    return (await loaders.originOf(entry)).userAgent;
  }

  @FieldResolver(() => Json)
  metadata(@Root() entry: AuditEntry, @Ctx() { loaders }: AuditContext): Promise<JsonValue> {
    return loaders.metadataOf(entry);
  }

  @FieldResolver(() => Boolean, {
    description:
      'Whether personal data of this entry was erased: its ipAddress and userAgent, or metadata, are empty for good.',
  })
  erased(@Root() entry: AuditEntry, @Ctx() { loaders }: AuditContext): Promise<boolean> {
    return loaders.isErased(entry);
  }
}
