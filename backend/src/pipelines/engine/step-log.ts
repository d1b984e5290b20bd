import type { StepClaim } from '../store/step-journal.js';
import type { Queryable } from '../store/pipelines-pool.js';

/** Lines kept of one try, and characters of a line. */
const MAX_LINES = 1_000;
const MAX_CHARACTERS = 1_000;
const FLUSH_MS = 500;

type Level = 'info' | 'warn' | 'error';
interface Line {
  at: Date;
  level: Level;
  message: string;
}

const INSERT = `
INSERT INTO pipeline_logs (run_id, step, attempt, logged_at, level, message)
SELECT $1, $2, $3, line.at, line.level, line.message
FROM unnest($4::timestamptz[], $5::text[], $6::text[]) AS line (at, level, message)`;

/** The log of one try of a step: written every half a second, so that people see it while the step runs. */
export class StepLog {
  private waiting: Line[] = [];
  private count = 0;
  private writing: Promise<void> = Promise.resolve();
  private readonly timer: NodeJS.Timeout;

  constructor(
    private readonly db: Queryable,
    private readonly claim: StepClaim,
  ) {
    this.timer = setInterval(() => this.flush(), FLUSH_MS);
    this.timer.unref();
  }

  add(message: string, level: Level = 'info'): void {
    this.count += 1;
    if (this.count > MAX_LINES) return;
    const text = this.count === MAX_LINES ? 'There is more, which is not kept' : clean(message);
    this.waiting.push({ at: new Date(), level, message: text });
  }

  /** Writes the rest. */
  async close(): Promise<void> {
    clearInterval(this.timer);
    this.flush();
    await this.writing;
  }

  /** Lines that cannot be written are kept for the next time; a log is not worth failing for. */
  private flush(): void {
    const lines = this.waiting;
    if (lines.length === 0) return;
    this.waiting = [];
    this.writing = this.writing.then(() =>
      this.write(lines).catch(() => {
        this.waiting = [...lines, ...this.waiting];
      }),
    );
  }

  private async write(lines: readonly Line[]): Promise<void> {
    const { runId, step, attempt } = this.claim;
    const columns = [
      lines.map(({ at }) => at),
      lines.map(({ level }) => level),
      lines.map(({ message }) => message),
    ];
    await this.db.query(INSERT, [runId, step, attempt, ...columns]);
  }
}

/** What Postgres can store, and no more than people read. */
function clean(message: string): string {
  const text = message
    .slice(0, MAX_CHARACTERS + 1)
    .replaceAll('\0', '')
    .toWellFormed();
  return text.length > MAX_CHARACTERS ? `${text.slice(0, MAX_CHARACTERS - 1)}…` : text;
}
