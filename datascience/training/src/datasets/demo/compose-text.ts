import type { Random } from '../../common/random.js';
import type { DemoCategory } from './demo-category.js';
import { expandPhrase } from './phrase-grammar.js';
import { sharedWords, vagueSentences, vagueTitles } from './vocabulary/shared-words.js';

/** Shares of products whose text is like that of real catalogues: hardly any is complete and clean. */
const SHARES = {
  /** A title that fits any category. */
  vagueTitle: 0.05,
  /** A title about a neighbouring category's product. */
  neighbourTitle: 0.03,
  emptyDescription: 0.35,
  /** A description that names other products of the shop's shelf. */
  otherProducts: 0.4,
  capitals: 0.08,
  htmlDescription: 0.3,
  htmlEntities: 0.5,
};

/** A product's text, as a seller might write it. */
export interface ProductText {
  designation: string;
  description: string;
}

/**
 * Writes a product's title and description.
 *
 * @param product the phrase that it is about, one of the category's
 * @param neighbours the categories that it may be taken for
 */
export function composeText(
  category: DemoCategory,
  product: string,
  neighbours: readonly DemoCategory[],
  random: Random,
): ProductText {
  const expand = (phrase: string) => expandPhrase(phrase, sharedWords, random);
  const title = expand(chooseTitle(product, neighbours, random));
  const roll = random.next();
  const plain =
    roll < SHARES.vagueTitle ? expand(random.pick(vagueTitles)) : decorate(title, category, random);
  const designation = plain.charAt(0).toUpperCase() + plain.slice(1);
  return {
    designation: random.next() < SHARES.capitals ? designation.toUpperCase() : designation,
    description: random.next() < SHARES.emptyDescription ? '' : describe(designation, category, random),
  };
}

function chooseTitle(product: string, neighbours: readonly DemoCategory[], random: Random): string {
  if (neighbours.length === 0 || random.next() >= SHARES.neighbourTitle) return product;
  return random.pick(random.pick(neighbours).products);
}

/** Adds what sellers add: a detail, the maker, a colour, a reference, a state. */
function decorate(title: string, category: DemoCategory, random: Random): string {
  const expand = (phrase: string) => expandPhrase(phrase, sharedWords, random);
  const detail = () => expand(random.pick(category.details));
  const forms: (() => string)[] = [
    () => title,
    () => title,
    () => `${title} ${detail()}`,
    () => `${title} - ${detail()}`,
    () => `${title} ${detail()} ${detail()}`,
    () => `${random.pick(category.brands)} ${title}`,
    () => `${title} ${random.pick(category.brands)}`,
    () => `${title}, ${detail()} - ${random.pick(category.brands)}`,
    () => expand(`${title} {@colours}`),
    () => expand(`${title} - {@colours} - ${detail()}`),
    () => expand(`${title} ({@states})`),
    () => expand(`${title} réf. {1000-99999}`),
  ];
  return random.pick(forms)();
}

function describe(designation: string, category: DemoCategory, random: Random): string {
  const sentences: string[] = [];
  if (random.next() < 0.4) sentences.push(`${designation}.`);
  const own = 1 + random.integer(3);
  for (let i = 0; i < own; i++) sentences.push(random.pick(category.sentences));
  const others = random.integer(4);
  for (let i = 0; i < others; i++) sentences.push(random.pick(vagueSentences));
  if (random.next() < 0.3)
    sentences.push(`{Voir aussi|Dans la même gamme} : ${random.pick(category.products)}.`);
  const texts = sentences.map((sentence) => expandPhrase(sentence, sharedWords, random));
  return random.next() < SHARES.htmlDescription ? toHtml(texts, random) : texts.join(' ');
}

function toHtml(sentences: string[], random: Random): string {
  const forms = [
    `<p>${sentences.join('</p><p>')}</p>`,
    sentences.join('<br />'),
    `<ul><li>${sentences.join('</li><li>')}</li></ul>`,
    `<b>${sentences[0]}</b><br/>\n${sentences.slice(1).join('&nbsp;')}`,
  ];
  const html = random.pick(forms);
  return random.next() < SHARES.htmlEntities ? encodeAccents(html) : html;
}

const ENTITIES: Record<string, string> = {
  é: '&eacute;',
  è: '&egrave;',
  ê: '&ecirc;',
  à: '&agrave;',
  ç: '&ccedil;',
  "'": '&#39;',
};

function encodeAccents(text: string): string {
  return text.replace(/[éèêàç']/g, (letter) => ENTITIES[letter] as string);
}
