/** Rows of the table: a name, and how a side's figure is read and written. */
const ROWS = [
  ['weighted F1', ({ scores }) => scores.weighted_f1.toFixed(4)],
  ['macro F1', ({ scores }) => scores.macro_f1.toFixed(4)],
  ['log loss', ({ scores }) => scores.log_loss.toFixed(4)],
  ['expected calibration error', ({ scores }) => scores.ece.toFixed(4)],
  ['training, seconds', ({ training }) => training.seconds.toFixed(1)],
  ['training, CPU seconds', ({ training }) => training.cpu.toFixed(1)],
  ['training, peak MB', ({ training }) => training.peakMb.toFixed(0)],
  ['model on disk, MB', ({ training }) => training.packageMb.toFixed(1)],
  ['loading, ms', ({ serving }) => serving.loadMs.toFixed(0)],
  ['serving, peak MB', ({ serving }) => serving.peakMb.toFixed(0)],
  ['a title of 12 words, µs (p50)', ({ serving }) => serving.timings['title of 12 words'].p50.toFixed(0)],
  ['a text of 110 words, µs (p50)', ({ serving }) => serving.timings['text of 110 words'].p50.toFixed(0)],
];

/** A Markdown table of the sides' figures, one column a side. */
export function formatTable(columns) {
  const names = Object.keys(columns);
  const lines = ROWS.map(([name, read]) => [name, ...names.map((side) => read(columns[side]))]);
  const all = [['', ...names], ...lines];
  const widths = all[0].map((_, i) => Math.max(...all.map((line) => line[i].length)));
  const write = (line) =>
    `| ${line.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))).join(' | ')} |`;
  const rule = `| ${widths.map((width, i) => (i === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`)).join(' | ')} |`;
  return [write(all[0]), rule, ...lines.map(write)].join('\n');
}

/** The mean of equally shaped figures: numbers are averaged, whatever else there is comes from the first. */
export function meanOf(all) {
  const [first] = all;
  if (typeof first === 'number') return all.reduce((sum, value) => sum + value, 0) / all.length;
  if (typeof first !== 'object' || first === null) return first;
  return Object.fromEntries(Object.keys(first).map((key) => [key, meanOf(all.map((one) => one[key]))]));
}
