import { HASH_BYTES, type Hash, TILE_WIDTH } from '@platform/transparency-log';
import type pg from 'pg';

/** Leaf hashes from somewhere, of which only those near are in memory. Ranges are loaded in ascending order. */
export interface HashWindow {
  load(from: number, to: number): Promise<void>;
  at(sequence: number): Hash | undefined;
}

/** The leaf hashes in the tiles of a database. */
export class TileWindow implements HashWindow {
  private tiles = new Map<number, Buffer>();

  constructor(private readonly client: pg.Client) {}

  async load(from: number, to: number): Promise<void> {
    const { rows } = await this.client.query<{ index: string; hashes: Buffer }>(
      'SELECT index, hashes FROM tile WHERE level = 0 AND index BETWEEN $1 AND $2',
      [Math.floor(from / TILE_WIDTH), Math.floor(to / TILE_WIDTH)],
    );
    this.tiles = new Map(rows.map(({ index, hashes }) => [Number(index), hashes]));
  }

  at(sequence: number): Hash | undefined {
    const offset = (sequence % TILE_WIDTH) * HASH_BYTES;
    return this.tiles.get(Math.floor(sequence / TILE_WIDTH))?.subarray(offset, offset + HASH_BYTES);
  }
}

/** Leaf hashes that follow one after the other from a number on, as kept checkpoints bring them. */
interface HashRun {
  readonly from: number;
  readonly leaves: readonly Hash[];
}

/** The leaf hashes of runs in ascending order. */
export class RunWindow implements HashWindow {
  private readonly runs: AsyncIterator<HashRun>;
  private loaded: HashRun[] = [];
  private ended = false;
  private near = 0;

  constructor(runs: AsyncIterable<HashRun>) {
    this.runs = runs[Symbol.asyncIterator]();
  }

  async load(from: number, to: number): Promise<void> {
    this.loaded = this.loaded.filter((run) => endOf(run) > from);
    for (let last = this.loaded.at(-1); !this.ended && (!last || endOf(last) <= to); last = this.loaded.at(-1)) {
      const { value, done } = await this.runs.next();
      if (done) this.ended = true;
      else if (endOf(value) > from) this.loaded.push(value);
    }
    this.near = 0;
  }

  at(sequence: number): Hash | undefined {
    let run = this.loaded[this.near];
    while (run && endOf(run) <= sequence) run = this.loaded[++this.near];
    return run && sequence >= run.from ? run.leaves[sequence - run.from] : undefined;
  }
}

const endOf = ({ from, leaves }: HashRun): number => from + leaves.length;

/** What the first window that knows it says. */
export const firstKnown = (windows: readonly HashWindow[], sequence: number): Hash | undefined => {
  for (const window of windows) {
    const hash = window.at(sequence);
    if (hash) return hash;
  }
  return undefined;
};
