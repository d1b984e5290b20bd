import { Injectable } from '@nestjs/common';
import { isUniqueViolation } from '../../common/errors/database-errors.js';
import type { CreateProductDto, ProductFieldsDto } from './dto/product-input.dto.js';
import type { ProductQueryDto } from './dto/product-query.dto.js';
import type { ProductPageDto } from './dto/product.dto.js';
import type { Product } from './entities/product.entity.js';
import { productColumns } from './product-fields.js';
import { ProductExistsError, ProductNotFoundError } from './products.errors.js';
import { ProductsRepository } from './products.repository.js';

/** The shop's catalogue: every signed-in account keeps it together. */
@Injectable()
export class ProductsService {
  constructor(private readonly products: ProductsRepository) {}

  /** Products by their ids. */
  async listProducts(query: ProductQueryDto): Promise<ProductPageDto> {
    const { products, total, isTotalExact, hasMore } = await this.products.findPart(query);
    return {
      items: products,
      total,
      is_total_exact: isTotalExact,
      offset: query.offset,
      limit: query.limit,
      next_after: hasMore ? products.at(-1)!.id : null,
    };
  }

  /** @throws ProductNotFoundError */
  async getProduct(id: number): Promise<Product> {
    const product = await this.products.findOne(id);
    if (!product) throw new ProductNotFoundError();
    return product;
  }

  /** The products that there are of some ids, by id. */
  async findProducts(ids: readonly number[]): Promise<Map<number, Product>> {
    if (ids.length === 0) return new Map();
    const products = await this.products.findSome(ids);
    return new Map(products.map((product) => [product.id, product]));
  }

  /** Products of classes 0, 1 and 2, of each no more than are asked for. */
  countByClass(atMost: number): Promise<number[]> {
    return this.products.countByClass(atMost);
  }

  /** How many products there are, and of how many the time to sell is known. */
  countKnown(): Promise<{ total: number; known: number }> {
    return this.products.countKnown();
  }

  /** @throws ProductExistsError */
  async createProduct(input: CreateProductDto): Promise<Product> {
    const product = buildProduct(input.id, input);
    try {
      await this.products.insert(product);
      return product;
    } catch (error) {
      throw isUniqueViolation(error) ? new ProductExistsError(error) : error;
    }
  }

  /**
   * Puts other fields in the place of a product's; those left out are unknown from then on.
   *
   * @throws ProductNotFoundError
   */
  async replaceProduct(id: number, input: ProductFieldsDto): Promise<Product> {
    return this.store(buildProduct(id, input));
  }

  /**
   * Changes the fields that are named.
   *
   * @throws ProductNotFoundError
   */
  async updateProduct(id: number, changes: ProductFieldsDto): Promise<Product> {
    const named = Object.entries(changes).filter(([, value]) => value !== undefined);
    return this.store({ ...(await this.getProduct(id)), ...Object.fromEntries(named) });
  }

  /** @throws ProductNotFoundError */
  async deleteProduct(id: number): Promise<void> {
    if (!(await this.products.delete(id))) throw new ProductNotFoundError();
  }

  private async store(product: Product): Promise<Product> {
    if (!(await this.products.update(product))) throw new ProductNotFoundError();
    return product;
  }
}

function buildProduct(id: number, fields: ProductFieldsDto): Product {
  const values = productColumns.map((name) => [name, (fields as Partial<Product>)[name] ?? null] as const);
  return { ...(Object.fromEntries(values) as unknown as Product), id };
}
