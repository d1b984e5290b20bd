import type { ParameterDefinition } from '../definitions/parameters.js';

/** How much a data set may grow or shrink. */
export const maxRowChange: ParameterDefinition = {
  type: 'number',
  description:
    'Share by which a data set may grow or shrink against its last load; each check has its own default.',
  min: 0,
  max: 1e6,
};

/** How old a source file may be. */
export const maxSourceAge: ParameterDefinition = {
  type: 'number',
  description:
    'Days, at the time the run stands for, after which a source file is too old; never where it is left out.',
  min: 0,
  max: 36_500,
};
