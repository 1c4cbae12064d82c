import { policy } from '@platform/subgraph-server/graphql';
import { Arg, Directive, ID, Query, Resolver } from 'type-graphql';
import type { ProofService } from '../services/index.js';
import { AuditCheckpoint, AuditConsistencyProof, AuditProof } from './types/index.js';

@Resolver(() => AuditProof)
export class AuditProofResolver {
  constructor(private readonly proofs: ProofService) {}

  @Query(() => AuditCheckpoint, { nullable: true, description: 'The newest signed checkpoint of the log.' })
  @Directive(policy('audit.entry.read'))
  async auditCheckpoint(): Promise<AuditCheckpoint | null> {
    const checkpoint = await this.proofs.checkpoint();
    return checkpoint && new AuditCheckpoint(checkpoint);
  }

  @Query(() => AuditProof, { nullable: true, description: 'Null until a checkpoint covers the entry.' })
  @Directive(policy('audit.entry.read'))
  async auditProof(@Arg('entryId', () => ID) entryId: string): Promise<AuditProof | null> {
    const proof = await this.proofs.inclusion(entryId);
    return proof && new AuditProof(proof);
  }

  @Query(() => AuditConsistencyProof, { nullable: true, description: 'Null until a checkpoint covers toSize entries.' })
  @Directive(policy('audit.entry.read'))
  async auditConsistencyProof(
    @Arg('fromSize', () => String) fromSize: string,
    @Arg('toSize', () => String) toSize: string,
  ): Promise<AuditConsistencyProof | null> {
    const path = await this.proofs.consistency(fromSize, toSize);
    return path && new AuditConsistencyProof(fromSize, toSize, path);
  }
}
