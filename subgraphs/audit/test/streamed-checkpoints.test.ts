import { createHash } from 'node:crypto';
import { audit } from '@platform/audit';
import { verifyExport } from '@platform/audit/export';
import { loadConfig } from '@platform/foundation/config';
import { GrowingTree, noteSigner, signCheckpoint } from '@platform/transparency-log';

const { logName, signingKey } = loadConfig(audit.sections).audit;
const signer = noteSigner(logName, signingKey);

const ENTRIES = 1_000;
const NEAR = 10;

/** A whole log whose entries are in the archive, with a checkpoint after each of them. */
function exported(): { head: string; entries: string[]; checkpoints: string[] } {
  const tree = new GrowingTree();
  const [entries, checkpoints]: [string[], string[]] = [[], []];
  for (let sequence = 0; sequence < ENTRIES; sequence += 1) {
    const leaf = createHash('sha256').update(String(sequence)).digest();
    tree.append(leaf);
    const signed = { origin: `${logName}/test`, size: tree.size, root: tree.root(), signedAt: new Date() };
    entries.push(JSON.stringify({ sequence: String(sequence), leafHash: leaf.toString('hex') }));
    checkpoints.push(JSON.stringify({ checkpoint: signCheckpoint(signed, signer).note }));
  }
  const head = JSON.stringify({ ...JSON.parse(checkpoints.at(-1) as string), complete: true });
  return { head, entries, checkpoints };
}

describe('the checkpoints of a verified log', () => {
  const { head, entries, checkpoints } = exported();
  const inTheirPlaces = [head, ...entries.flatMap((entry, at) => [entry, checkpoints[at] as string])];
  const verified = (lines: readonly string[]) =>
    verifyExport(
      async function* () {
        yield* lines;
      },
      [signer],
    );

  it('are read beside the entries that they cover, and not before', async () => {
    const readings = new Set<{ lines: number }>();
    const apart: number[] = [];
    const verdict = await verifyExport(
      async function* () {
        const reading = { lines: 0 };
        readings.add(reading);
        try {
          for (const line of inTheirPlaces) {
            reading.lines += 1;
            const [one, other] = [...readings];
            if (one && other) apart.push(Math.abs(one.lines - other.lines));
            yield line;
          }
        } finally {
          readings.delete(reading);
        }
      },
      [signer],
    );
    expect(verdict).toEqual({ entries: 0, covered: ENTRIES, checkpoints: ENTRIES + 1, findings: [] });
    expect(apart.length).toBeGreaterThan(inTheirPlaces.length);
    expect(Math.max(...apart)).toBeLessThan(NEAR);
  });

  it('are held against the entries whatever order they come in', async () => {
    const reversed = [head, ...checkpoints.toReversed(), ...entries];
    expect(await verified(reversed)).toEqual({
      entries: 0,
      covered: ENTRIES,
      checkpoints: ENTRIES + 1,
      findings: [],
    });
    const bad = 500;
    const other = JSON.stringify({ sequence: String(bad), leafHash: '00'.repeat(32) });
    const { covered, findings } = await verified(reversed.map((line) => (line === entries[bad] ? other : line)));
    expect([covered, findings[0]?.sequence]).toEqual([bad, bad]);
  });

  it('tell what was cut off', async () => {
    const { findings } = await verified(inTheirPlaces.slice(0, 1 + 2 * 600));
    expect(findings).toEqual([
      { sequence: 600, message: expect.stringContaining(`entries 600 to ${ENTRIES - 1}, the last, were cut off`) },
    ]);
  });
});
