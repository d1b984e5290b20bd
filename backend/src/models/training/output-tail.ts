/** Where a line was written. */
export type OutputStream = 'stdout' | 'stderr';

/** Lines kept of each stream. */
const MAX_LINES = 25;
/** Characters kept of each line. */
const MAX_LINE_CHARACTERS = 500;

/** The last lines of a process's output: enough to say what went wrong, however much it wrote. */
export class OutputTail {
  private readonly kept: Record<OutputStream, string[]> = { stdout: [], stderr: [] };

  /** Notes a line; empty ones are left out. */
  add(line: string, stream: OutputStream): void {
    if (line.trim() === '') return;
    const lines = this.kept[stream];
    lines.push(line.slice(0, MAX_LINE_CHARACTERS));
    if (lines.length > MAX_LINES) lines.shift();
  }

  /** Progress, then complaints, each oldest first: at most 25 lines of either, at most 500 characters long. */
  lines(): readonly string[] {
    return [...this.kept.stdout, ...this.kept.stderr];
  }
}
