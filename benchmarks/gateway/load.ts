import { Pool } from 'undici';
import { UNIQUE } from './operations.js';

/** `node load.js '{"url","body","connections","seconds","token"}'`: as many requests as the gateway takes; figures as JSON on stdout. */
interface Order {
  readonly url: string;
  readonly body: string;
  readonly connections: number;
  readonly seconds: number;
  readonly token?: string;
}

export interface Figures {
  readonly requests: number;
  readonly failures: number;
  /** In seconds. */
  readonly duration: number;
  /** In milliseconds. */
  readonly p50: number;
  readonly p99: number;
}

const { url, body, connections, seconds, token } = JSON.parse(process.argv[2] ?? '{}') as Order;
const { origin, pathname: path } = new URL(url);
const pool = new Pool(origin, { connections, pipelining: 1, headersTimeout: 60_000 });
const headers = {
  'content-type': 'application/json',
  accept: 'application/json',
  ...(token && { authorization: `Bearer ${token}` }),
};
const seed = process.pid * 1_000_000;
const latencies: number[] = [];
let failures = 0;
let sent = 0;

/** The answer's beginning tells whether it is one; its bytes are counted by the caller of `once`, not read. */
function once(): Promise<boolean> {
  const unique = body.replaceAll(UNIQUE, `visitor-${seed + sent++}`);
  return new Promise((resolve) => {
    let good = false;
    let first = true;
    pool.dispatch(
      { method: 'POST', path, headers, body: unique },
      {
        onConnect: () => {},
        onHeaders: (status) => {
          good = status === 200;
          return true;
        },
        onData: (chunk: Buffer) => {
          if (first) good &&= chunk.subarray(0, 8).toString('latin1') === '{"data":';
          first = false;
          return true;
        },
        onComplete: () => resolve(good && !first),
        onError: () => resolve(false),
      },
    );
  });
}

const started = performance.now();
const end = started + seconds * 1000;

async function client(): Promise<void> {
  for (let now = performance.now(); now < end; ) {
    const good = await once();
    const then = now;
    now = performance.now();
    if (good) latencies.push(now - then);
    else failures++;
  }
}

await Promise.all(Array.from({ length: connections }, client));
latencies.sort((left, right) => left - right);
const percentile = (share: number) => latencies[Math.floor(latencies.length * share)] ?? 0;
const figures: Figures = {
  requests: latencies.length,
  failures,
  duration: (performance.now() - started) / 1000,
  p50: percentile(0.5),
  p99: percentile(0.99),
};
process.stdout.write(`${JSON.stringify(figures)}\n`);
await pool.destroy();
