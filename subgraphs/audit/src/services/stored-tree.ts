import {
  type Hash,
  hashesIn,
  LEAVES_PER_LINE,
  perfectRoot,
  type StoredTree,
  TILE_HEIGHT,
  TILE_WIDTH,
} from '@platform/transparency-log';
import type { EntityManager } from 'typeorm';
import type { Queries } from './queries.js';

/** The log does not hold what it should: an entry or a tile is missing. */
export class LogDamaged extends Error {
  override readonly name = 'LogDamaged';
}

/** The tree over the first `size` entries, from full tiles and, where there is none yet, from the entries themselves. */
export class TileTree implements StoredTree {
  private readonly tiles = new Map<string, Promise<Hash[]>>();

  constructor(
    private readonly database: Queries,
    private readonly size: number,
  ) {}

  async subtree(height: number, index: number): Promise<Hash> {
    const level = Math.floor(height / TILE_HEIGHT);
    const width = 2 ** (height % TILE_HEIGHT);
    const first = index * width;
    const hashes = await this.tile(level, Math.floor(first / TILE_WIDTH));
    const wanted = hashes.slice(first % TILE_WIDTH, (first % TILE_WIDTH) + width);
    if (wanted.length < width) throw new LogDamaged(`Hash ${first} of level ${level} of the tree is missing`);
    return perfectRoot(wanted);
  }

  /** The hashes of a tile, fewer where it is not full. */
  tile(level: number, index: number): Promise<Hash[]> {
    const name = `${level}/${index}`;
    const known = this.tiles.get(name);
    if (known) return known;
    const reading = this.read(level, index);
    this.tiles.set(name, reading);
    const [oldest] = this.tiles.keys();
    if (this.tiles.size > TILES_KEPT && oldest !== undefined) this.tiles.delete(oldest);
    return reading;
  }

  private async read(level: number, index: number): Promise<Hash[]> {
    const [full] = await this.database.query('SELECT hashes FROM tile WHERE level = $1 AND index = $2', [level, index]);
    if (full) return hashesIn(full.hashes);
    const from = index * TILE_WIDTH;
    const below = Math.floor(this.size / TILE_WIDTH ** level);
    return hashesBelow(this.database, level, from, Math.min(from + TILE_WIDTH, below));
  }
}

/** The hashes [from, to) that the tiles of a level are made of. @throws LogDamaged when one is missing. */
export async function hashesBelow(database: Queries, level: number, from: number, to: number): Promise<Hash[]> {
  const rows: { hash: Hash }[] =
    level === 0
      ? await database.query('SELECT hash FROM leaf_hashes($1, $2) AS hash', [from, to])
      : await database.query(
          'SELECT root AS hash FROM tile WHERE level = $1 AND index >= $2 AND index < $3 ORDER BY index',
          [level - 1, from, to],
        );
  if (rows.length !== to - from) {
    throw new LogDamaged(`Of the hashes ${from} to ${to - 1} of level ${level} of the tree ${rows.length} are there`);
  }
  return rows.map(({ hash }) => hash);
}

/** The leaf hashes [from, to) in runs, from full tiles and, where there are none yet, from the entries themselves: one run is in memory at a time. @throws LogDamaged */
export async function* leavesBetween(database: Queries, from: number, to: number): AsyncGenerator<Hash[]> {
  for (let begin = from; begin < to; ) {
    const tile = Math.floor(begin / TILE_WIDTH);
    const full = Math.min(tile + TILES_PER_RUN, Math.floor(to / TILE_WIDTH));
    const rows: { hashes: Buffer }[] =
      full > tile
        ? await database.query(
            'SELECT hashes FROM tile WHERE level = 0 AND index >= $1 AND index < $2 ORDER BY index',
            [tile, full],
          )
        : [];
    const end = full > tile ? full * TILE_WIDTH : to;
    yield rows.length > 0 && rows.length === full - tile
      ? rows.flatMap(({ hashes }) => hashesIn(hashes)).slice(begin - tile * TILE_WIDTH)
      : await hashesBelow(database, 0, begin, end);
    begin = end;
  }
}

/** Adds the tiles that the first `size` entries fill and that are not there yet. */
export async function fillTiles(tx: EntityManager, size: number): Promise<void> {
  for (
    let level = 0, width = Math.floor(size / TILE_WIDTH);
    width > 0;
    level += 1, width = Math.floor(width / TILE_WIDTH)
  ) {
    const [{ first }] = await tx.query('SELECT coalesce(max(index) + 1, 0)::int AS first FROM tile WHERE level = $1', [
      level,
    ]);
    for (let index = first; index < width; index += TILES_AT_ONCE) {
      const last = Math.min(index + TILES_AT_ONCE, width);
      const hashes = await hashesBelow(tx, level, index * TILE_WIDTH, last * TILE_WIDTH);
      const tiles = Array.from({ length: last - index }, (_, tile) =>
        hashes.slice(tile * TILE_WIDTH, (tile + 1) * TILE_WIDTH),
      );
      await tx.query(
        `INSERT INTO tile (level, index, hashes, root)
         SELECT $1, $2::bigint + place - 1, hashes, root FROM unnest($3::bytea[], $4::bytea[]) WITH ORDINALITY AS tiles (hashes, root, place)`,
        [level, index, tiles.map((tile) => Buffer.concat(tile)), tiles.map(perfectRoot)],
      );
    }
  }
}

/** Tiles that are read with one statement: their hashes fill a line of a file of checkpoints. */
const TILES_PER_RUN = LEAVES_PER_LINE / TILE_WIDTH;
const TILES_AT_ONCE = 64;
const TILES_KEPT = 64;
