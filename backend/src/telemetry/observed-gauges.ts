import { metrics, type Attributes, type ObservableResult } from '@opentelemetry/api';

/** A value that is read at each export. */
export interface ObservedGauge {
  name: string;
  description: string;
  unit: string;
  /** Tells the present values; an error leaves this export without them. */
  observe(tell: (value: number, attributes?: Attributes) => void): void | Promise<void>;
}

/**
 * Has a gauge read at each export.
 *
 * @returns ends it
 */
export function observeGauge({ name, description, unit, observe }: ObservedGauge): () => void {
  const gauge = metrics.getMeter('vitrine').createObservableGauge(name, { description, unit });
  const callback = async (result: ObservableResult): Promise<void> => {
    try {
      await observe((value, attributes) => result.observe(value, attributes));
    } catch {
      // What cannot be read is missing from this export; whoever needs it says so in its own log.
    }
  };
  gauge.addCallback(callback);
  return () => gauge.removeCallback(callback);
}
