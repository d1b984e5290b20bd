import { Module, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { TypeOrmModule } from '@nestjs/typeorm';
import type { FastifyInstance } from 'fastify';
import { ProductsImportController } from './import/products-import.controller.js';
import { ProductsImportService } from './import/products-import.service.js';
import { registerStreamedBodies } from './import/streamed-bodies.js';
import { Product } from './products/entities/product.entity.js';
import { ProductsController } from './products/products.controller.js';
import { ProductsRepository } from './products/products.repository.js';
import { ProductsService } from './products/products.service.js';
import { ArmSelectorRegistry } from './time-to-sell/arm-selector.js';

/** The shop's products. */
@Module({
  imports: [TypeOrmModule.forFeature([Product])],
  controllers: [ProductsImportController, ProductsController],
  providers: [ProductsImportService, ProductsRepository, ProductsService, ArmSelectorRegistry],
  exports: [ArmSelectorRegistry, ProductsService],
})
export class CatalogModule implements OnModuleInit {
  constructor(private readonly adapterHost: HttpAdapterHost) {}

  onModuleInit(): void {
    registerStreamedBodies(this.adapterHost.httpAdapter.getInstance<FastifyInstance>());
  }
}
