import type { Hash, SignedCheckpoint } from '@platform/transparency-log';
import { Field, ObjectType } from 'type-graphql';
import type { InclusionProof } from '../../services/index.js';

const hex = (hash: Hash): string => hash.toString('hex');

@ObjectType()
export class AuditCheckpoint {
  @Field(() => String)
  readonly origin: string;

  @Field(() => String)
  readonly treeSize: string;

  @Field(() => String, { description: 'RFC 6962 root hash over the first treeSize entries, hex.' })
  readonly rootHash: string;

  @Field(() => Date)
  readonly signedAt: Date;

  @Field(() => String, { description: 'The C2SP signed note, as published.' })
  readonly note: string;

  constructor({ origin, size, root, signedAt, note }: SignedCheckpoint) {
    this.origin = origin;
    this.treeSize = String(size);
    this.rootHash = hex(root);
    this.signedAt = signedAt;
    this.note = note;
  }
}

@ObjectType()
export class AuditProof {
  @Field(() => String)
  readonly leafIndex: string;

  @Field(() => String)
  readonly treeSize: string;

  @Field(() => String)
  readonly leafHash: string;

  @Field(() => [String], { description: 'RFC 6962 inclusion path, hex, beginning next to the leaf.' })
  readonly path: string[];

  @Field(() => AuditCheckpoint)
  readonly checkpoint: AuditCheckpoint;

  constructor({ index, leaf, path, checkpoint }: InclusionProof) {
    this.leafIndex = String(index);
    this.treeSize = String(checkpoint.size);
    this.leafHash = hex(leaf);
    this.path = path.map(hex);
    this.checkpoint = new AuditCheckpoint(checkpoint);
  }
}

@ObjectType()
export class AuditConsistencyProof {
  @Field(() => String)
  readonly fromSize: string;

  @Field(() => String)
  readonly toSize: string;

  @Field(() => [String], { description: 'RFC 6962 consistency path, hex.' })
  readonly path: string[];

  constructor(fromSize: string, toSize: string, path: readonly Hash[]) {
    this.fromSize = fromSize;
    this.toSize = toSize;
    this.path = path.map(hex);
  }
}
