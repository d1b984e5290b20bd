import { AppError } from '../../common/errors/app.error.js';

/** A file of which no row can be read. */
export class ImportUnreadableError extends AppError {
  constructor(detail: string, cause?: unknown) {
    super('import-unreadable', { detail, cause });
  }
}
