import { Module } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { AppConfig } from '../config/app-config.js';
import { SalesInsightsController } from './sales-insights.controller.js';
import { SalesReader } from './sales-reader.js';
import { SalesController } from './sales.controller.js';
import { SalesService } from './sales.service.js';
import { NameMatcher } from './silver/name-matcher.js';
import { vegetables } from './silver/vegetables.data.js';
import { buildSalesStore } from './stores/sales-stores.js';
import { SalesStore } from './stores/sales-store.js';

/** Weekly sales in, clean monthly sales out. */
@Module({
  controllers: [SalesController, SalesInsightsController],
  providers: [
    SalesService,
    SalesReader,
    { provide: NameMatcher, useFactory: () => new NameMatcher(vegetables) },
    {
      provide: SalesStore,
      inject: [AppConfig, DataSource, NameMatcher],
      useFactory: ({ sales }: AppConfig, dataSource: DataSource, names: NameMatcher) =>
        buildSalesStore(sales, dataSource, names),
    },
  ],
})
export class SalesModule {}
