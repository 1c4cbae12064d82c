import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import { composeSupergraph } from '@platform/router/composition';
import { type Contender, contenders, type Site } from './contenders.js';
import type { Figures } from './load.js';
import { shared, unique, type Workload } from './operations.js';
import { listening, peakMemory, processorTime, run, start, stopAll, stopped } from './processes.js';
import { type Measurement, writeReport } from './report.js';
import { definitions } from './subgraphs/definitions.js';

/**
 * Asks every gateway the same, one after the other and again, each alone on a core.
 * `node main.js [seconds per round] [rounds] [a part of the contenders' names]`.
 */
const [seconds, rounds, only] = process.argv.slice(2);
const SUBGRAPHS_PORT = 4801;
const GATEWAY_PORT = 4810;
const CONNECTIONS = 50;
const script = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'gateway-benchmark-'));
  try {
    const site = prepare(folder);
    const subgraphs = start({ args: [script('subgraphs/server.js'), String(SUBGRAPHS_PORT)], core: 1 });
    await listening(subgraphs, SUBGRAPHS_PORT);
    const chosen = contenders.filter(({ name }) => !only || name.includes(only));
    const measurements: Measurement[] = [];
    for (const workload of [shared, unique]) measurements.push(...(await measure(workload, chosen, site)));
    writeReport(measurements, { seconds: Number(seconds ?? 5), rounds: Number(rounds ?? 3), connections: CONNECTIONS });
  } finally {
    await stopAll();
    rmSync(folder, { recursive: true, force: true });
  }
}

function prepare(folder: string): Site {
  const supergraph = join(folder, 'supergraph.graphql');
  const { sdl } = composeSupergraph(
    Object.entries(definitions).map(([name, { typeDefs }]) => ({
      name,
      typeDefs,
      url: `http://127.0.0.1:${SUBGRAPHS_PORT}/${name}`,
    })),
  );
  writeFileSync(supergraph, sdl);
  return { supergraph, port: GATEWAY_PORT };
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
  for (let round = 0; round < Number(rounds ?? 3); round++) {
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
        const figures = await load(workload, Number(seconds ?? 5));
        measurement.processor.push(((processorTime(gateway) ?? 0) - before) / Math.max(1, figures.requests));
        measurement.figures.push(figures);
        measurement.calls = (await calls()) / Math.max(1, figures.requests);
        measurement.memory = Math.max(measurement.memory, peakMemory(gateway) ?? 0);
        process.stderr.write(
          `${workload.name} · ${contender.name}: ${Math.round(figures.requests / figures.duration)}/s\n`,
        );
      } finally {
        await stopped(gateway);
      }
    }
  }
  return measured;
}

async function ask({ body }: Workload): Promise<unknown> {
  const response = await fetch(`http://127.0.0.1:${GATEWAY_PORT}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
  });
  const text = await response.text();
  const answer = JSON.parse(text) as { data?: unknown; errors?: unknown };
  if (!answer.data || answer.errors) throw new Error(`No answer: ${text.slice(0, 1_000)}`);
  return answer.data;
}

async function load({ body }: Workload, duration: number): Promise<Figures> {
  const order = { url: `http://127.0.0.1:${GATEWAY_PORT}/graphql`, body, connections: CONNECTIONS, seconds: duration };
  return JSON.parse(await run({ args: [script('load.js'), JSON.stringify(order)], core: 1 })) as Figures;
}

/** Requests that came to the subgraphs since this was last asked. */
const calls = async (): Promise<number> =>
  Number(await (await fetch(`http://127.0.0.1:${SUBGRAPHS_PORT}/calls`)).text());

await main();
