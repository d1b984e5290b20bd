import { Command } from 'commander';
import { createDatasetCommand } from '../datasets/create-dataset.command.js';
import { demoDatasetCommand } from '../datasets/demo-dataset.command.js';
import { demoCustomersCommand } from './demo-customers.command.js';
import { importCatalogCommand } from './import-catalog.command.js';
import { modelCommands } from './model-commands.js';
import { serveModelCommand } from './serve-model.command.js';
import { syncCommand } from './sync.command.js';
import { trainCommands } from './train-commands.js';
import { trainTimeToSellCommand } from './train-time-to-sell.command.js';
import { trainCustomerLabelCommand } from './train-customer-label.command.js';

/** The `vitrine` command line. */
export function buildProgram(): Command {
  const program = new Command('vitrine')
    .description('Train, evaluate and promote models that put every product on the right shelf')
    .showHelpAfterError('(--help tells more)');
  for (const command of [
    demoDatasetCommand(),
    createDatasetCommand(),
    demoCustomersCommand(),
    importCatalogCommand(),
    ...trainCommands(),
    trainTimeToSellCommand(),
    trainCustomerLabelCommand(),
    ...modelCommands(),
    serveModelCommand(),
    syncCommand(),
  ]) {
    program.addCommand(command);
  }
  return program;
}
