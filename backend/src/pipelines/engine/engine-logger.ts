import { Logger } from '@nestjs/common';
import type { DLogger } from '@dbos-inc/dbos-sdk';

/** Lets the workflow engine log through ours; what it says at each start is for developers. */
export function buildEngineLogger(): DLogger {
  const logger = new Logger('PipelineEngine');
  return {
    info: (entry) => logger.debug(String(entry)),
    debug: (entry) => logger.verbose(String(entry)),
    warn: (entry) => logger.warn(String(entry)),
    error: (entry) => logger.error(String(entry)),
  };
}
