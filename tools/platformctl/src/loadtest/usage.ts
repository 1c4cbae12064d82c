import type { Target } from './target.js';

/** How often the process is looked at, in ms. */
const INTERVAL = 2_000;

/** What a process used while a load ran. */
export interface Usage {
  /** Of one core. */
  readonly processor: number;
  /** At most, in bytes. */
  readonly memory: number;
}

/** Watches the process that answers at the target by its metrics, which every process of the platform has. */
export class UsageWatch {
  private memory = 0;
  private readonly timer: NodeJS.Timeout;
  private readonly begin: Promise<{ readonly seconds: number; readonly at: number }>;

  constructor(private readonly target: Pick<Target, 'samples'>) {
    this.begin = this.look();
    this.timer = setInterval(() => void this.look(), INTERVAL);
  }

  /** Undefined where the metrics cannot be read, as from outside. */
  async end(): Promise<Usage | undefined> {
    clearInterval(this.timer);
    const [begin, end] = [await this.begin, await this.look()];
    if (this.memory === 0) return undefined;
    return { processor: (end.seconds - begin.seconds) / ((end.at - begin.at) / 1000), memory: this.memory };
  }

  private async look(): Promise<{ readonly seconds: number; readonly at: number }> {
    const samples = await this.target.samples();
    this.memory = Math.max(this.memory, samples.get('process_resident_memory_bytes') ?? 0);
    return { seconds: samples.get('process_cpu_seconds_total') ?? 0, at: performance.now() };
  }
}
