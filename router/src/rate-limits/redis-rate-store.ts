import type { Redis } from '@platform/redis/connection';
import type { RateLimitCharge, RateLimitState, RateStore } from './limit.js';
import type { MemoryRateStore } from './memory-rate-store.js';
import { type Count, rateLimitState } from './sliding-window.js';

/** Numbers of the script's arguments and of its answer per key. */
const ARGUMENTS = 6;
const ANSWERS = 4;

/**
 * All takes in one script, so that nothing comes between looking and taking, from however many processes. The time is
 * Redis's own. ARGV per key: limit, window, units, and the count that the asking process knows (age, current, previous):
 * the greater of the two stands, so that what Redis has lost is not given twice.
 */
const TAKE = `
  local time = redis.call('TIME')
  local now = time[1] * 1000 + time[2] / 1000
  local function at(index, offset) return tonumber(ARGV[(index - 1) * ${ARGUMENTS} + offset]) end
  local counts, fits, all = {}, {}, true
  for index, key in ipairs(KEYS) do
    local limit, window = at(index, 1), at(index, 2)
    local found = redis.call('HMGET', key, 'start', 'current', 'previous')
    local count = { start = tonumber(found[1]) or now, current = tonumber(found[2]) or 0, previous = tonumber(found[3]) or 0 }
    local age = now - count.start
    if age >= 2 * window then count = { start = now, current = 0, previous = 0 }
    elseif age >= window then count = { start = count.start + window, current = 0, previous = count.current } end
    local function used(c) return c.current + c.previous * (1 - (now - c.start) / window) end
    local told = { start = now - at(index, 4), current = at(index, 5), previous = at(index, 6) }
    if used(told) > used(count) then count = told end
    counts[index] = count
    fits[index] = used(count) + at(index, 3) <= limit
    all = all and fits[index]
  end
  local answer = {}
  for index, key in ipairs(KEYS) do
    local count, window = counts[index], at(index, 2)
    if all then
      count.current = count.current + at(index, 3)
      redis.call('HSET', key, 'start', string.format('%.3f', count.start), 'current', count.current, 'previous', count.previous)
      redis.call('PEXPIRE', key, math.ceil(2 * window - (now - count.start)))
    end
    answer[#answer + 1] = fits[index] and 1 or 0
    answer[#answer + 1] = string.format('%.3f', now - count.start)
    answer[#answer + 1] = tostring(count.current)
    answer[#answer + 1] = tostring(count.previous)
  end
  return answer`;

type Script = (keys: number, ...keysAndArguments: (string | number)[]) => Promise<(string | number)[]>;

/** Counts that processes share. Rejects while Redis is away. */
export class RedisRateStore implements RateStore {
  private readonly script: Script;

  /** @param known what this process knows by itself, kept up to date with every answer. */
  constructor(
    redis: Redis,
    private readonly known: MemoryRateStore,
  ) {
    redis.defineCommand('takeFromRateLimits', { lua: TAKE });
    this.script = (redis as Redis & { takeFromRateLimits: Script }).takeFromRateLimits.bind(redis);
  }

  async take(takes: readonly RateLimitCharge[]): Promise<RateLimitState[]> {
    const answer = await this.script(takes.length, ...takes.map(({ key }) => `rate:${key}`), ...this.arguments(takes));
    return takes.map((take, index) => {
      const [allowed, age, current, previous] = answer.slice(index * ANSWERS).map(Number) as [
        number,
        number,
        number,
        number,
      ];
      const count: Count = { age, current, previous };
      this.known.learn(take.key, count);
      return rateLimitState(take, count, allowed === 1);
    });
  }

  private arguments(takes: readonly RateLimitCharge[]): number[] {
    return takes.flatMap((take) => {
      const { age, current, previous } = this.known.count(take.key, take);
      return [take.limit, take.window, take.units, age, current, previous];
    });
  }
}
