import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { In, Repository, type SelectQueryBuilder } from 'typeorm';
import type { ProductQueryDto } from './dto/product-query.dto.js';
import { Product } from './entities/product.entity.js';

/** Counting a filter's products ends here: what it costs does not grow with the catalogue. */
const MAX_COUNTED = 10_000;

/** Some products of a list. */
export interface ProductPart {
  products: Product[];
  /** How many the whole list has, as far as they are counted. */
  total: number;
  isTotalExact: boolean;
  hasMore: boolean;
}

/** Queries on the catalogue that deserve a name. */
@Injectable()
export class ProductsRepository {
  constructor(@InjectRepository(Product) private readonly products: Repository<Product>) {}

  /** Products by their ids. */
  async findPart(query: ProductQueryDto): Promise<ProductPart> {
    const { offset, limit, after } = query;
    const part = this.filter(query)
      .orderBy('product.id')
      .offset(offset)
      .limit(limit + 1);
    if (after !== undefined) part.andWhere('product.id > :after', { after });
    const [products, counted] = await Promise.all([part.getMany(), this.count(query)]);
    return {
      products: products.slice(0, limit),
      total: Math.min(counted, MAX_COUNTED),
      isTotalExact: counted <= MAX_COUNTED,
      hasMore: products.length > limit,
    };
  }

  findOne(id: number): Promise<Product | null> {
    return this.products.findOneBy({ id });
  }

  /** The products that there are of some ids, in any order. */
  findSome(ids: readonly number[]): Promise<Product[]> {
    return this.products.findBy({ id: In([...new Set(ids)]) });
  }

  /** @throws QueryFailedError of a unique constraint where the id is taken */
  async insert(product: Product): Promise<void> {
    await this.products.insert(product);
  }

  /** @returns false where there is no such product */
  async update({ id, ...fields }: Product): Promise<boolean> {
    return (await this.products.update({ id }, fields)).affected === 1;
  }

  /** @returns false where there is no such product */
  async delete(id: number): Promise<boolean> {
    return (await this.products.delete({ id })).affected === 1;
  }

  /** Products of classes 0, 1 and 2, of each no more than are asked for. */
  async countByClass(atMost: number): Promise<number[]> {
    const counts = [0, 1, 2].map(
      (saleClass) => `(SELECT count(*)::integer FROM
        (SELECT FROM catalog WHERE delai_vente = ${saleClass} LIMIT $1) AS bounded) AS "${saleClass}"`,
    );
    const [row] = await this.products.query<Record<string, number>[]>(`SELECT ${counts.join(', ')}`, [
      atMost,
    ]);
    return [0, 1, 2].map((saleClass) => row![saleClass]!);
  }

  /** How many products there are, and of how many the time to sell is known. */
  async countKnown(): Promise<{ total: number; known: number }> {
    const [row] = await this.products.query<{ total: number; known: number }[]>(
      'SELECT count(*)::integer AS total, count(delai_vente)::integer AS known FROM catalog',
    );
    return row!;
  }

  private async count(query: ProductQueryDto): Promise<number> {
    const bounded = this.filter(query)
      .select('1')
      .limit(MAX_COUNTED + 1);
    const [row] = await this.products.manager
      .createQueryBuilder()
      .select('count(*)::integer', 'count')
      .from(`(${bounded.getQuery()})`, 'bounded')
      .setParameters(bounded.getParameters())
      .getRawMany<{ count: number }>();
    return row!.count;
  }

  private filter(query: ProductQueryDto): SelectQueryBuilder<Product> {
    const { categorie, couleur, prix_min, prix_max, delai_vente, q } = query;
    const products = this.products.createQueryBuilder('product');
    if (categorie !== undefined) products.andWhere('product.categorie = :categorie', { categorie });
    if (couleur !== undefined) products.andWhere('product.couleur = :couleur', { couleur });
    if (prix_min !== undefined) products.andWhere('product.prix >= :prix_min', { prix_min });
    if (prix_max !== undefined) products.andWhere('product.prix <= :prix_max', { prix_max });
    if (delai_vente === 'known') products.andWhere('product.delai_vente IS NOT NULL');
    else if (delai_vente === 'unknown') products.andWhere('product.delai_vente IS NULL');
    else if (delai_vente !== undefined)
      products.andWhere('product.delai_vente = :delai_vente', { delai_vente });
    if (q !== undefined) {
      // The columns by their plain names: the index is on this very expression.
      products.andWhere(
        `catalog_words(product.nom_produit, product.description_produit)
         @@ websearch_to_tsquery('french', catalog_plain(:q))`,
        { q },
      );
    }
    return products;
  }
}
