import type { LogRecord } from '@opentelemetry/api-logs';
import { createLogger } from '../common/http/logging.js';
import { createLogSink } from './log-sink.js';

describe('createLogSink', () => {
  const collect = (): { records: LogRecord[]; sink: ReturnType<typeof createLogSink> } => {
    const records: LogRecord[] = [];
    return { records, sink: createLogSink({ emit: (record) => records.push(record) }) };
  };

  it('hands a line of the logger on, with its severity, its fields and without its secrets', () => {
    const { records, sink } = collect();
    const logger = createLogger('info', { destination: { write: () => undefined }, sink });
    logger.warn({ password: 'hunter2', context: 'Login' }, 'refused');
    logger.debug('too fine');
    expect(records).toEqual([
      expect.objectContaining({
        severityNumber: 13,
        severityText: 'WARN',
        body: 'refused',
        attributes: { password: '[redacted]', context: 'Login' },
      }),
    ]);
    expect(Date.now() - Number(records[0]!.timestamp)).toBeLessThan(60_000);
  });

  it.each(['', 'no json', '[1', '7', 'null'])('ignores %j, which is no line of a logger', (line) => {
    const { records, sink } = collect();
    sink.write(line);
    expect(records).toEqual([]);
  });
});
