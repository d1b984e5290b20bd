import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Put, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { ApiProblems } from '../../common/decorators/api-problems.decorator.js';
import { CreateProductDto, ProductFieldsDto } from './dto/product-input.dto.js';
import { ProductQueryDto } from './dto/product-query.dto.js';
import { ProductDto, ProductPageDto } from './dto/product.dto.js';
import { ProductIdPipe } from './product-id.pipe.js';
import { ProductsService } from './products.service.js';

@ApiTags('products')
@ApiBearerAuth()
@ApiProblems('unauthorized', 'validation-failed', 'database-unavailable')
@Controller('products')
export class ProductsController {
  constructor(private readonly products: ProductsService) {}

  /** Lists the catalogue's products by their ids, all or those that are asked for. */
  @Get()
  listProducts(@Query() query: ProductQueryDto): Promise<ProductPageDto> {
    return this.products.listProducts(query);
  }

  /** Adds a product. */
  @Post()
  @ApiProblems('product-exists')
  createProduct(@Body() input: CreateProductDto): Promise<ProductDto> {
    return this.products.createProduct(input);
  }

  /** Shows a product. */
  @Get(':id')
  @ApiProblems('product-not-found')
  getProduct(@Param('id', ProductIdPipe) id: number): Promise<ProductDto> {
    return this.products.getProduct(id);
  }

  /** Replaces a product: fields that are left out are unknown from then on. */
  @Put(':id')
  @ApiProblems('product-not-found')
  putProduct(@Param('id', ProductIdPipe) id: number, @Body() input: ProductFieldsDto): Promise<ProductDto> {
    return this.products.replaceProduct(id, input);
  }

  /** Changes the fields of a product that are named. */
  @Patch(':id')
  @ApiProblems('product-not-found')
  patchProduct(
    @Param('id', ProductIdPipe) id: number,
    @Body() changes: ProductFieldsDto,
  ): Promise<ProductDto> {
    return this.products.updateProduct(id, changes);
  }

  /** Removes a product. */
  @Delete(':id')
  @HttpCode(204)
  @ApiProblems('product-not-found')
  async deleteProduct(@Param('id', ProductIdPipe) id: number): Promise<void> {
    await this.products.deleteProduct(id);
  }
}
