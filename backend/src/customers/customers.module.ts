import { Module } from '@nestjs/common';
import { CustomerSteps } from './customer-steps.js';
import { DerivedTables } from './features/derived-tables.js';
import { FileLoader } from './loading/file-loader.js';
import { Publisher } from './loading/publisher.js';
import { QualityRunner } from './quality/quality-runner.js';
import { customerSourceProvider } from './sources/customer-source.provider.js';

/** Customers and store sales: from source files to features, and the label model's predictions. */
@Module({
  providers: [customerSourceProvider, FileLoader, Publisher, DerivedTables, QualityRunner, CustomerSteps],
  exports: [CustomerSteps],
})
export class CustomersModule {}
