/** What a process held at one moment. */
export interface Holding {
  /** Memory in use by JavaScript, in bytes. */
  readonly heap: number;
  /** How often its whole heap has been collected. */
  readonly collections: number;
  /** How many there are of everything that has to be closed again. */
  readonly open: ReadonlyMap<string, number>;
}

/** Metrics of what has to be closed again: descriptors, connections to the database, timers and sockets. */
const OPEN = /^(process_open_fds|database_pool_connections\{.*state="total".*\}|nodejs_active_resources\{.*\})$/;

/** Of the samples that the process publishes. @throws when it publishes none of them */
export function holdingOf(samples: ReadonlyMap<string, number>): Holding {
  const heap = samples.get('nodejs_heap_size_used_bytes');
  if (heap === undefined) throw new Error('The process does not tell what it holds');
  const collections = samples.get('nodejs_gc_duration_seconds_count{kind="major"}') ?? 0;
  return { heap, collections, open: new Map([...samples].filter(([name]) => OPEN.test(name))) };
}
