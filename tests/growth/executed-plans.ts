import pg from 'pg';

export interface PlanNode {
  readonly 'Index Name'?: string;
  readonly 'Index Cond'?: string;
  readonly 'Actual Rows': number;
  readonly 'Actual Loops': number;
  readonly 'Rows Removed by Filter'?: number;
  readonly 'Rows Removed by Index Recheck'?: number;
  readonly 'Shared Hit Blocks': number;
  readonly 'Shared Read Blocks': number;
  readonly 'Temp Read Blocks': number;
  readonly 'Temp Written Blocks': number;
  readonly Plans?: readonly PlanNode[];
}

/** A statement as PostgreSQL has executed it. */
export interface ExecutedPlan {
  readonly 'Query Text': string;
  readonly Plan: PlanNode;
}

/** Settings by which PostgreSQL sends every client the plan of each of its statements, with what it really took. */
const SETTINGS = {
  session_preload_libraries: 'auto_explain',
  'auto_explain.log_level': 'notice',
  'auto_explain.log_min_duration': '0',
  'auto_explain.log_analyze': 'on',
  'auto_explain.log_buffers': 'on',
  'auto_explain.log_timing': 'off',
  'auto_explain.log_format': 'json',
  'auto_explain.log_parameter_max_length': '0',
};

/** Has the database explain what is executed on connections that are opened from now on; `nested`: in functions as well. `planner`: other settings. */
export async function explainStatements(
  databaseUrl: string,
  { nested, planner = {} }: { nested: boolean; planner?: Record<string, string> },
): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  const { rows } = await client.query('SELECT current_database() AS name');
  const settings = { ...SETTINGS, ...planner, 'auto_explain.log_nested_statements': nested ? 'on' : 'off' };
  for (const [setting, value] of Object.entries(settings))
    await client.query(`ALTER DATABASE ${rows[0].name} SET ${setting} = '${value}'`);
  await client.end();
}

/** Collects the plans of what this process executes on databases that explain their statements. */
export class ExecutedPlans {
  private plans: ExecutedPlan[] = [];
  private readonly connect = pg.Client.prototype.connect;

  /** Listens on connections that are opened from now on. */
  start(): void {
    const { connect } = this;
    const hear = (notice: { message?: string }) => this.hear(notice.message ?? '');
    pg.Client.prototype.connect = function (this: pg.Client, ...given: unknown[]) {
      this.on('notice', hear);
      return connect.apply(this, given as never);
    } as typeof connect;
  }

  stop(): void {
    pg.Client.prototype.connect = this.connect;
  }

  /** What has been executed since the last time. */
  take(): readonly ExecutedPlan[] {
    const taken = this.plans;
    this.plans = [];
    return taken;
  }

  private hear(message: string): void {
    if (/^duration: .* plan:/.test(message)) this.plans.push(JSON.parse(message.slice(message.indexOf('{'))));
  }
}

/** What a statement costs: the blocks that it touches, and the rows that pass through the nodes of its plan. Neither depends on how busy the machine is. */
export function costOf({ Plan: root }: ExecutedPlan): number {
  const blocks =
    root['Shared Hit Blocks'] + root['Shared Read Blocks'] + root['Temp Read Blocks'] + root['Temp Written Blocks'];
  return Math.round(blocks + rowsOf(root));
}

function rowsOf(node: PlanNode): number {
  const perLoop =
    node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0) + (node['Rows Removed by Index Recheck'] ?? 0);
  return (node.Plans ?? []).reduce((sum, child) => sum + rowsOf(child), perLoop * node['Actual Loops']);
}
