import { createHash, randomUUID } from 'node:crypto';
import { audit } from '@platform/audit';
import { postCreated } from '@platform/contracts';
import { eventually, useSubgraph } from '@platform/testkit';
import { noteSigner, openCheckpoint, verifyConsistency, verifyInclusion } from '@platform/transparency-log';

const CHECKPOINT = '{ auditCheckpoint { origin treeSize rootHash signedAt note } }';
const PROOF = `query ($id: ID!) {
  auditProof(entryId: $id) { leafIndex treeSize leafHash path checkpoint { treeSize rootHash note } }
}`;
const CONSISTENCY = `query ($from: String!, $to: String!) {
  auditConsistencyProof(fromSize: $from, toSize: $to) { fromSize toSize path }
}`;
const sha256 = (...parts: Buffer[]) => createHash('sha256').update(Buffer.concat(parts)).digest();
const bytes = (hex: string) => Buffer.from(hex, 'hex');

/** MTH of RFC 6962, as the RFC writes it. */
function rootOver(leaves: readonly Buffer[]): Buffer {
  if (leaves.length <= 1) return leaves[0] ?? sha256();
  const half = 2 ** Math.ceil(Math.log2(leaves.length) - 1);
  return sha256(Buffer.from([1]), rootOver(leaves.slice(0, half)), rootOver(leaves.slice(half)));
}

describe('proofs of the audit log', () => {
  const harness = useSubgraph(audit);
  const ENTRIES = 600;
  const auditor = () => harness.asUser(randomUUID(), ['audit.entry.read']);
  const roots = new Map<number, string>();
  let rows: { id: string; leaf_hash: string }[];

  const grow = async (entries: number) => {
    const events = Array.from({ length: entries }, () => {
      const [postId, authorId] = [randomUUID(), randomUUID()];
      return { subject: postId, actor: authorId, data: { postId, authorId } };
    });
    await Promise.all(events.map((event) => harness.deliver(postCreated, event)));
    const [{ count }] = await harness.sql('SELECT count(*)::text AS count FROM audit_entry');
    const { auditCheckpoint } = await eventually(async () => {
      const answer = await auditor().data(CHECKPOINT);
      expect(answer.auditCheckpoint?.treeSize).toBe(count);
      return answer;
    });
    roots.set(Number(count), auditCheckpoint.rootHash);
    return auditCheckpoint;
  };

  beforeAll(async () => {
    for (const entries of [1, 6, 249, 1, ENTRIES - 257]) await grow(entries);
    rows = await harness.sql('SELECT id, leaf_hash FROM audit_entry ORDER BY sequence');
  });

  it('stand on checkpoints that the log’s key has signed', async () => {
    const { auditCheckpoint } = await auditor().data(CHECKPOINT);
    const { logName, signingKey } = harness.config.audit;
    const opened = openCheckpoint(auditCheckpoint.note, noteSigner(logName, signingKey));
    expect(opened.size).toBe(ENTRIES);
    expect(opened.root.toString('hex')).toBe(auditCheckpoint.rootHash);
    expect(opened.signedAt.toISOString()).toBe(auditCheckpoint.signedAt);
    expect(auditCheckpoint.note.startsWith(`${auditCheckpoint.origin}\n${ENTRIES}\n`)).toBe(true);
    const changed = auditCheckpoint.note.replace(`\n${ENTRIES}\n`, `\n${ENTRIES - 1}\n`);
    expect(() => openCheckpoint(changed, noteSigner(logName, signingKey))).toThrow('no good signature');
  });

  it('have the root that RFC 6962 gives the entries', () => {
    const leaves = rows.map(({ leaf_hash }) => bytes(leaf_hash));
    for (const [size, root] of roots) expect(rootOver(leaves.slice(0, size)).toString('hex')).toBe(root);
  });

  it.each([0, 1, 5, 127, 255, 256, 257, 511, 512, ENTRIES - 1])('show that entry %i is in the log', async (index) => {
    const { auditProof } = await auditor().data(PROOF, { id: rows[index]?.id });
    expect(auditProof).toMatchObject({
      leafIndex: String(index),
      treeSize: String(ENTRIES),
      leafHash: rows[index]?.leaf_hash,
    });
    const proof = {
      index,
      size: ENTRIES,
      leaf: bytes(auditProof.leafHash),
      path: auditProof.path.map(bytes),
      root: bytes(auditProof.checkpoint.rootHash),
    };
    expect(verifyInclusion(proof)).toBe(true);
    expect(verifyInclusion({ ...proof, index: index === 0 ? 1 : index - 1 })).toBe(false);
    expect(verifyInclusion({ ...proof, leaf: sha256() })).toBe(false);
    expect(verifyInclusion({ ...proof, path: proof.path.slice(1) })).toBe(false);
  });

  it('show that every checkpoint goes on from those before it', async () => {
    const sizes = [...roots.keys()];
    for (const fromSize of sizes) {
      for (const toSize of sizes.filter((size) => size >= fromSize)) {
        const { auditConsistencyProof } = await auditor().data(CONSISTENCY, {
          from: String(fromSize),
          to: String(toSize),
        });
        const proof = {
          fromSize,
          toSize,
          fromRoot: bytes(roots.get(fromSize) ?? ''),
          toRoot: bytes(roots.get(toSize) ?? ''),
          path: auditConsistencyProof.path.map(bytes),
        };
        expect(verifyConsistency(proof)).toBe(true);
        if (fromSize < toSize) expect(verifyConsistency({ ...proof, fromRoot: sha256() })).toBe(false);
        expect(verifyConsistency({ ...proof, toRoot: sha256() })).toBe(false);
      }
    }
  });

  it('are none for what is unknown, not covered yet or malformed', async () => {
    expect(await auditor().data(PROOF, { id: randomUUID() })).toEqual({ auditProof: null });
    expect(await auditor().data(PROOF, { id: 'nonsense' })).toEqual({ auditProof: null });
    expect(await auditor().data(CONSISTENCY, { from: '1', to: String(ENTRIES + 1) })).toEqual({
      auditConsistencyProof: null,
    });
    for (const variables of [
      { from: '-1', to: '2' },
      { from: '2', to: '1' },
      { from: '1', to: '1e3' },
    ]) {
      expect((await auditor().error(CONSISTENCY, variables)).extensions.code).toBe('BAD_USER_INPUT');
    }
  });

  it('are for holders of the permission alone', async () => {
    const stranger = harness.asUser(randomUUID(), ['blog.post.read']);
    for (const query of [CHECKPOINT, PROOF, CONSISTENCY]) {
      const error = await stranger.error(query, { id: rows[0]?.id, from: '1', to: '2' });
      expect(error.extensions.code).toBe('UNAUTHORIZED_FIELD_OR_TYPE');
    }
  });
});
