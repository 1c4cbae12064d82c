import { setTimeout as wait } from 'node:timers/promises';
import { drawn, type KindName, type Mix } from './kinds.js';
import { type Outcome, Tallies } from './tally.js';
import type { Target } from './target.js';

/** Sends operations at random moments, so many a second in the mean, whether or not earlier ones are answered: as people do who know nothing of each other. Times count from when each was due. */
export async function openLoop(
  target: Pick<Target, 'send'>,
  { mix, rate, seconds }: { readonly mix: Mix; readonly rate: number; readonly seconds: number },
): Promise<Tallies> {
  const tallies = new Tallies();
  const underWay = new Set<Promise<void>>();
  const begin = performance.now();
  const end = begin + seconds * 1000;
  for (let due = begin + gap(rate); due < end; due += gap(rate)) {
    const early = due - performance.now();
    if (early > 0) await wait(early);
    const kind = drawn(mix);
    tallies.offer(kind);
    const sent = send(target, tallies, kind, due).then(() => void underWay.delete(sent));
    underWay.add(sent);
  }
  await Promise.all(underWay);
  return tallies;
}

/** How long a client waits that was refused, before it sends the next, in ms. */
const PAUSE = 50;

/** So many at a time, each sent when the one before is answered. Answers how many a second were admitted, the first fifth of the time left out. */
export async function closedLoop(
  target: Pick<Target, 'send'>,
  { mix, atATime, seconds }: { readonly mix: Mix; readonly atATime: number; readonly seconds: number },
): Promise<number> {
  const tallies = new Tallies();
  const begin = performance.now();
  const counted = begin + seconds * 200;
  const end = begin + seconds * 1000;
  const client = async (): Promise<void> => {
    for (let now = begin; now < end; now = performance.now()) {
      const outcome = await send(target, now < counted ? new Tallies() : tallies, drawn(mix), now);
      if (outcome === 'refused') await wait(PAUSE);
    }
  };
  await Promise.all(Array.from({ length: atATime }, client));
  return (tallies.all.counts.admitted * 1000) / (performance.now() - counted);
}

async function send(target: Pick<Target, 'send'>, tallies: Tallies, kind: KindName, due: number): Promise<Outcome> {
  const { outcome, code } = await target.send(kind);
  tallies.add(kind, outcome, performance.now() - due, code);
  return outcome;
}

/** In ms, to the next of so many a second (a Poisson process). */
const gap = (rate: number): number => (-Math.log(1 - Math.random()) * 1000) / rate;
