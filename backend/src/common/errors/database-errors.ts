import { types } from 'node:util';
import { QueryFailedError } from 'typeorm';

const { isNativeError } = types;

/** SQLSTATE of a unique constraint that was violated (PostgreSQL, appendix A). */
const UNIQUE_VIOLATION = '23505';
/** SQLSTATE where a referenced row is not there. */
const FOREIGN_KEY_VIOLATION = '23503';

/** SQLSTATEs and system errors which say that the server is away, starting, stopping or full. */
const unavailableCodes = new Set([
  '57P01', // admin_shutdown
  '57P02', // crash_shutdown
  '57P03', // cannot_connect_now
  '57P05', // idle_session_timeout
  '53300', // too_many_connections
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ENOENT', // the unix socket is gone
]);

/** Messages of `pg` and `pg-pool`, which carry no code, and TypeORM's when a connection was lost between two queries. */
const unavailableMessages =
  /Query runner already released|by a query runner was already released|Connection terminated|Client has encountered a connection error|timeout exceeded when trying to connect|Client was closed|not queryable|Driver not Connected|Cannot use a pool after calling end/i;

/** True where a statement violated a unique constraint, by any name or by the one given. */
export function isUniqueViolation(error: unknown, constraint?: string): boolean {
  const driverError = driverErrorOf(error);
  return (
    driverError?.code === UNIQUE_VIOLATION &&
    (constraint === undefined || driverError.constraint === constraint)
  );
}

/** SQLSTATE of a statement that failed (PostgreSQL, appendix A); empty where the error is another. */
function sqlStateOf(error: unknown): string {
  const code = error instanceof QueryFailedError ? (error.driverError as DriverError).code : undefined;
  return typeof code === 'string' ? code : '';
}

/** True where a statement named a row of another table that is not there. */
export function isForeignKeyViolation(error: unknown): boolean {
  return sqlStateOf(error) === FOREIGN_KEY_VIOLATION;
}

/** True where an error says something about a row: SQLSTATE classes 22 (data exception) and 23 (constraint violation). */
export function isRowError(error: unknown): boolean {
  return /^2[23]/.test(sqlStateOf(error));
}

/** True where the database cannot be reached or has just gone: worth another try later. */
export function isDatabaseUnavailable(error: unknown): boolean {
  const driverError = driverErrorOf(error);
  if (!driverError) {
    return false;
  }
  // Several addresses of one host failed.
  if (driverError.errors?.some(isConnectionError)) {
    return true;
  }
  return isConnectionError(driverError);
}

interface DriverError {
  code?: unknown;
  constraint?: unknown;
  message?: unknown;
  syscall?: unknown;
  errors?: readonly DriverError[];
}

function isConnectionError(error: DriverError): boolean {
  const code = typeof error.code === 'string' ? error.code : '';
  // Class 08 is connection_exception. ENOENT says so only where it comes from connecting.
  if (
    code.startsWith('08') ||
    (unavailableCodes.has(code) && (code !== 'ENOENT' || error.syscall === 'connect'))
  ) {
    return true;
  }
  return typeof error.message === 'string' && unavailableMessages.test(error.message);
}

function driverErrorOf(error: unknown): DriverError | undefined {
  if (error instanceof QueryFailedError) {
    return error.driverError as DriverError;
  }
  // An error of another realm (a worker, a test's sandbox) is no `instanceof Error`.
  return isNativeError(error) ? (error as DriverError) : undefined;
}
