import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The shop's products; the words of their texts are searched without accents, in French. */
export class CreateCatalog1763600700000 implements MigrationInterface {
  readonly name = 'CreateCatalog1763600700000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE catalog (
        id bigint PRIMARY KEY CHECK (id >= 0),
        nb_images integer,
        longueur_image double precision,
        largeur_image double precision,
        description_produit text,
        annee integer,
        couleur text,
        prix double precision,
        categorie text,
        nom_produit text,
        delai_vente smallint CHECK (delai_vente BETWEEN 0 AND 2)
      )`);
    await runner.query(`
      CREATE FUNCTION catalog_plain(words text) RETURNS text
      LANGUAGE sql IMMUTABLE PARALLEL SAFE
      RETURN regexp_replace(normalize(words, NFKD), '[\\u0300-\\u036f]', '', 'g')`);
    // Not in SQL, which the planner would take apart: it must know what a call costs, or it reads the whole table.
    await runner.query(`
      CREATE FUNCTION catalog_words(nom_produit text, description_produit text) RETURNS tsvector
      LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE COST 10000
      AS $$ BEGIN
        RETURN to_tsvector('french'::regconfig,
          catalog_plain(coalesce(nom_produit, '') || ' ' || coalesce(description_produit, '')));
      END $$`);
    await runner.query(
      'CREATE INDEX catalog_words_idx ON catalog USING gin (catalog_words(nom_produit, description_produit))',
    );
    await runner.query('CREATE INDEX catalog_categorie_idx ON catalog (categorie, id)');
    await runner.query('CREATE INDEX catalog_couleur_idx ON catalog (couleur, id)');
    await runner.query('CREATE INDEX catalog_prix_idx ON catalog (prix)');
    // Those that a model learns from are few, or few are left to be sold.
    await runner.query('CREATE INDEX catalog_known_idx ON catalog (id) WHERE delai_vente IS NOT NULL');
    await runner.query('CREATE INDEX catalog_unknown_idx ON catalog (id) WHERE delai_vente IS NULL');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE catalog');
    await runner.query('DROP FUNCTION catalog_words, catalog_plain');
  }
}
