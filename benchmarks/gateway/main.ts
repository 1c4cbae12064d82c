import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import { composeSupergraph } from '@platform/federation-engine/composition';
import { startCollector } from './collector.js';
import {
  type Contender,
  contenders,
  edgeOffAndOn,
  openAndGuarded,
  type Site,
  untracedAndTraced,
} from './contenders.js';
import { everything, nothing } from './edge.js';
import { guardedDefinitions, startIssuer } from './guard.js';
import type { Figures } from './load.js';
import { shared, signedIn, throughTheEdge, traced, unique, type Workload } from './operations.js';
import { listening, peakMemory, processorTime, run, start, stopAll, stopped } from './processes.js';
import { type Measurement, writeReport } from './report.js';
import { type Definition, definitions } from './subgraphs/definitions.js';

/**
 * Asks every gateway the same, one after the other and again, each alone on a core.
 * `node main.js [seconds per round] [rounds] [a part of `workload: contender`]`.
 */
const [seconds, rounds, only] = process.argv.slice(2);
const SUBGRAPHS_PORT = 4801;
const ISSUER_PORT = 4802;
const COLLECTOR_PORT = 4803;
const GATEWAY_PORT = 4810;
const CONNECTIONS = 50;
/** The share of requests that every contender has to answer well. */
const LEAST_ANSWERED = 0.99;
const SECONDS = Number(seconds ?? 4);
const ROUNDS = Number(rounds ?? 3);
const script = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'gateway-benchmark-'));
  try {
    const issuer = await startIssuer(ISSUER_PORT);
    const collector = await startCollector(COLLECTOR_PORT);
    const site = { ...prepare(folder, issuer.config), collector: collector.url };
    const subgraphs = start({ args: [script('subgraphs/server.js'), String(SUBGRAPHS_PORT)], core: 1 });
    await listening(subgraphs, SUBGRAPHS_PORT);
    const measurements: Measurement[] = [];
    for (const [workload, all] of [
      [shared, contenders],
      [unique, contenders],
      [signedIn(issuer.token), openAndGuarded],
      [throughTheEdge, edgeOffAndOn],
      [traced, untracedAndTraced],
    ] as const) {
      const chosen = all.filter(({ name }) => !only || `${workload.name}: ${name}`.includes(only));
      measurements.push(...(await measure(workload, chosen, site)));
    }
    issuer.stop();
    collector.stop();
    writeReport(measurements, { seconds: SECONDS, rounds: ROUNDS, connections: CONNECTIONS });
  } finally {
    await stopAll();
    rmSync(folder, { recursive: true, force: true });
  }
}

function prepare(folder: string, rules: object): Omit<Site, 'collector'> {
  const composed = (name: string, subgraphs: Readonly<Record<string, Definition>>): string => {
    const { sdl } = composeSupergraph(
      Object.entries(subgraphs).map(([subgraph, { typeDefs }]) => ({
        name: subgraph,
        typeDefs,
        url: `http://127.0.0.1:${SUBGRAPHS_PORT}/${subgraph}`,
      })),
    );
    return written(name, sdl);
  };
  const written = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  return {
    supergraph: composed('supergraph.graphql', definitions),
    guarded: {
      supergraph: composed('guarded.graphql', guardedDefinitions),
      config: written('guarded.yaml', JSON.stringify(rules)),
    },
    edge: {
      nothing: written('nothing.yaml', JSON.stringify(nothing)),
      everything: written('everything.yaml', JSON.stringify(everything)),
    },
    port: GATEWAY_PORT,
  };
}

/** Rounds are interleaved, so that a slow minute of the machine is everyone's. */
async function measure(workload: Workload, chosen: readonly Contender[], site: Site): Promise<Measurement[]> {
  const measured = chosen.map((contender) => ({
    contender,
    workload,
    figures: [] as Figures[],
    processor: [] as number[],
    memory: 0,
    calls: 0,
  }));
  let expected: unknown;
  for (let round = 1; round <= ROUNDS; round++) {
    for (const measurement of measured) {
      const { contender } = measurement;
      const gateway = start({ ...contender, args: contender.args(site), core: 0 });
      try {
        await listening(gateway, GATEWAY_PORT);
        const answer = await ask(workload);
        expected ??= answer;
        if (!isDeepStrictEqual(answer, expected)) throw new Error(`${contender.name} answers something else`);
        await load(workload, 2);
        await calls();
        const before = processorTime(gateway) ?? 0;
        const figures = await load(workload, SECONDS);
        checkAnswered(figures, `${workload.name}: ${contender.name}`);
        measurement.processor.push(((processorTime(gateway) ?? 0) - before) / Math.max(1, figures.requests));
        measurement.figures.push(figures);
        measurement.calls = (await calls()) / Math.max(1, figures.requests);
        measurement.memory = Math.max(measurement.memory, peakMemory(gateway) ?? 0);
        process.stderr.write(
          `${workload.name} · ${round} of ${ROUNDS} · ${contender.name}: ${Math.round(figures.requests / figures.duration)}/s\n`,
        );
      } finally {
        await stopped(gateway);
      }
    }
  }
  return measured;
}

/** Refusals are cheap: who refuses has no figures that could be held against others'. @throws Error */
function checkAnswered({ requests, failures }: Figures, who: string): void {
  const all = requests + failures;
  if (requests >= LEAST_ANSWERED * all && all > 0) return;
  throw new Error(`${who} answered ${requests} of ${all} requests well, less than ${LEAST_ANSWERED * 100} %`);
}

async function ask({ body, token }: Workload): Promise<unknown> {
  const response = await fetch(`http://127.0.0.1:${GATEWAY_PORT}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
    body,
  });
  const text = await response.text();
  const answer = JSON.parse(text) as { data?: unknown; errors?: unknown };
  if (!answer.data || answer.errors) throw new Error(`No answer: ${text.slice(0, 1_000)}`);
  return answer.data;
}

async function load({ body, token }: Workload, duration: number): Promise<Figures> {
  const url = `http://127.0.0.1:${GATEWAY_PORT}/graphql`;
  const order = { url, body, token, connections: CONNECTIONS, seconds: duration };
  return JSON.parse(await run({ args: [script('load.js'), JSON.stringify(order)], core: 1 })) as Figures;
}

/** Requests that came to the subgraphs since this was last asked. */
const calls = async (): Promise<number> =>
  Number(await (await fetch(`http://127.0.0.1:${SUBGRAPHS_PORT}/calls`)).text());

await main();
