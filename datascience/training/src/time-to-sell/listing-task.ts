import type { ListingFields, TabularField } from '@vitrine/inference';

/** The fields of a catalogue's listing, as the API and its table name them. */
export const LISTING_FIELDS: ListingFields = {
  title: 'nom_produit',
  description: 'description_produit',
  price: 'prix',
  year: 'annee',
  colour: 'couleur',
  category: 'categorie',
  photos: 'nb_images',
  height: 'longueur_image',
  width: 'largeur_image',
};
/** The field that holds how long a listing took to sell. */
export const OUTCOME_FIELD = 'delai_vente';

/** Classes of the outcome, from 0. */
export const OUTCOME_CATEGORIES = ['rapide', 'normal', 'très long'].map((label, id) => ({ id, label }));

const NUMBERS = ['nb_images', 'longueur_image', 'largeur_image', 'annee', 'prix'];
/** What a model reads of a listing. */
export const MODEL_FIELDS: TabularField[] = [
  'nb_images',
  'longueur_image',
  'largeur_image',
  'description_produit',
  'annee',
  'couleur',
  'prix',
  'categorie',
  'nom_produit',
].map((name) => ({ name, type: NUMBERS.includes(name) ? 'number' : 'string' }));

/** Codes that get a column of their rank by frequency. */
export const RANKED_CODES = ['categorie', 'couleur'];
/** Keys that are encoded by the outcomes of the listings that share them. */
export const TARGET_KEYS: string[][] = [
  ['categorie'],
  ['couleur'],
  ['largeur_image', 'longueur_image'],
  ['categorie', 'couleur'],
  ['categorie', 'largeur_image', 'longueur_image'],
  ['categorie', 'nb_images'],
  ['prix'],
  ['categorie', 'prix'],
  ['nb_images', 'largeur_image'],
];
