import { ServerError } from './server-error.js';

/**
 * A value, or with '`' a key, quoted for MLflow's search syntax, which knows no escapes.
 *
 * @throws ServerError `INVALID_PARAMETER_VALUE` where no quote is left for it
 */
export function quote(value: string, mark?: '`'): string {
  const found = (mark === undefined ? ["'", '"'] : [mark]).find((one) => !value.includes(one));
  if (found === undefined) {
    throw new ServerError('INVALID_PARAMETER_VALUE', `${JSON.stringify(value)} cannot be searched for`);
  }
  return `${found}${value}${found}`;
}
