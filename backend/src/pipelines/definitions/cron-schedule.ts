import { Cron } from 'croner';

const SECOND_MS = 1_000;

/** Ticks of a cron expression in UTC; the time from one to the next is an interval. */
export class CronSchedule {
  private readonly cron: Cron;

  /** @throws Error where the expression is none, or has no tick */
  constructor(expression: string) {
    this.cron = new Cron(expression, { timezone: 'UTC', mode: '5-part' });
    if (!this.cron.nextRun(new Date(0))) throw new Error('it never ticks');
  }

  /** True where a tick falls on exactly this time. */
  isTick(time: Date): boolean {
    return this.next(new Date(time.getTime() - SECOND_MS))?.getTime() === time.getTime();
  }

  /** The first tick after a time; null where there is none. */
  next(time: Date): Date | null {
    return this.cron.nextRun(time);
  }

  /** The last tick at or before a time: the start of the interval that the time lies in. */
  floor(time: Date): Date | null {
    return this.cron.previousRuns(1, new Date(time.getTime() + 1))[0] ?? null;
  }

  /** Starts of the intervals in a range, both ends included, oldest first and no more than `limit`. */
  ticksBetween(from: Date, to: Date, limit: number): Date[] {
    const ticks: Date[] = [];
    let tick = this.isTick(from) ? from : this.next(from);
    while (tick && tick <= to && ticks.length < limit) {
      ticks.push(tick);
      tick = this.next(tick);
    }
    return ticks;
  }

  /** The start of the newest interval that has ended; null where none has. */
  lastEnded(now: Date): Date | null {
    const running = this.floor(now);
    return running && this.floor(new Date(running.getTime() - 1));
  }
}
