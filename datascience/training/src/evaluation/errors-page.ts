import type { Category, ModelMetrics } from '@vitrine/inference';
import { ERRORS_PAGE_STYLE } from './errors-page-style.js';
import type { Evaluation } from './evaluate-model.js';
import { html, type Markup } from './html.js';
import { findMistakes, type Mistake } from './mistakes.js';
import { makeThumbnails } from './thumbnails.js';

/** Mistakes shown first, the surest of all. */
const SUREST = 20;
/** Mistakes shown of all categories together, and at most of one: the page stays some megabytes. */
const SHOWN_BY_CATEGORY = 400;
const MAX_OF_ONE_CATEGORY = 12;
const MIN_OF_ONE_CATEGORY = 3;
/** Characters of a title that are shown. */
const TITLE_LENGTH = 160;

/** What a page of mistakes is made from. */
export interface ErrorsPageInput {
  evaluation: Evaluation;
  categories: readonly Category[];
  metrics: ModelMetrics;
  /** E.g. `text model`. */
  title: string;
}

/** The mistakes of one category. */
interface CategoryMistakes {
  category: Category;
  /** Test products of the category. */
  products: number;
  mistakes: Mistake[];
}

/**
 * Makes a page that shows what a model gets wrong, for people would rather look than read: the surest mistakes, and
 * each category's, with photo, title, both categories and the probability. One file that asks for nothing else: photos
 * are within it, there is no script, and its policy forbids every request.
 */
export async function renderErrorsPage(input: ErrorsPageInput): Promise<string> {
  const { evaluation, categories, title } = input;
  const mistakes = findMistakes(evaluation);
  const surest = mistakes.slice(0, SUREST);
  const share = Math.floor(SHOWN_BY_CATEGORY / categories.length);
  const shownOfOne = Math.min(MAX_OF_ONE_CATEGORY, Math.max(MIN_OF_ONE_CATEGORY, share));
  const sections = byCategory(mistakes, input);
  const shown = [...surest, ...sections.flatMap((section) => section.mistakes.slice(0, shownOfOne))];
  const paths = shown.flatMap(({ row }) => row.imagePath ?? []);
  // A catalogue without photos needs no place for them.
  const thumbnails = paths.length === 0 ? null : await makeThumbnails(paths);
  const card = (mistake: Mistake) => renderCard(mistake, categories, thumbnails);
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta
          http-equiv="Content-Security-Policy"
          content="default-src 'none'; img-src data:; style-src 'unsafe-inline'"
        />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>Mistakes of the ${title}</title>
        <style>
          ${ERRORS_PAGE_STYLE}
        </style>
      </head>
      <body>
        <header>
          <h1>Mistakes of the ${title}</h1>
          <p>
            ${mistakes.length} of ${evaluation.rows.length} test products are put into a wrong category.
            ${describeAbstention(input.metrics)}
          </p>
        </header>
        <main>
          <h2>The surest mistakes</h2>
          ${surest.length === 0 ? html`<p>There are none.</p>` : renderCards(surest.map(card))}
          <h2>By category</h2>
          ${sections.map((section) => renderSection(section, categories, shownOfOne, card))}
        </main>
      </body>
    </html>`;
  return `${page.text}\n`;
}

function describeAbstention({
  stated_precision,
  abstention_threshold,
  coverage,
  answered_accuracy,
}: ModelMetrics): string {
  if (abstention_threshold === undefined || coverage === undefined || answered_accuracy === undefined)
    return '';
  if (abstention_threshold === 0) return 'It never abstains.';
  const aim = stated_precision === undefined ? '' : `, chosen so that ${percent(stated_precision)} are right`;
  return (
    `Below a probability of ${abstention_threshold.toFixed(3)} it abstains${aim}: ` +
    `it answers ${percent(coverage)} of the products, ${percent(answered_accuracy)} of them rightly.`
  );
}

/** Categories that have test products, those with the largest share of mistakes first. */
function byCategory(mistakes: readonly Mistake[], { evaluation, categories }: ErrorsPageInput) {
  const products = new Uint32Array(categories.length);
  for (const label of evaluation.labels) products[label] = (products[label] as number) + 1;
  const share = ({ mistakes: own, products: all }: CategoryMistakes) => own.length / all;
  return categories
    .map((category, k): CategoryMistakes => ({
      category,
      products: products[k] as number,
      mistakes: mistakes.filter(({ truth }) => truth === k),
    }))
    .filter((section) => section.products > 0)
    .sort((a, b) => share(b) - share(a));
}

function renderSection(
  { category, products, mistakes }: CategoryMistakes,
  categories: readonly Category[],
  shownOfOne: number,
  card: (mistake: Mistake) => Markup,
): Markup {
  const heading = html`<h3>${category.label} <small>${category.id}</small></h3>
    <p>
      ${mistakes.length} of ${products}
      wrong${mistakes.length === 0 ? '.' : `: taken for ${answersOf(mistakes, categories)}.`}
      ${mistakes.length > shownOfOne ? `The surest ${shownOfOne} are shown.` : ''}
    </p>`;
  if (mistakes.length === 0) return html`<section>${heading}</section>`;
  return html`<section>${heading} ${renderCards(mistakes.slice(0, shownOfOne).map(card))}</section>`;
}

/** E.g. `Livre (3), Magazine (1)`, the commonest first. */
function answersOf(mistakes: readonly Mistake[], categories: readonly Category[]): string {
  const counts = new Map<number, number>();
  for (const { answer } of mistakes) counts.set(answer, (counts.get(answer) ?? 0) + 1);
  return [...counts.entries()]
    .sort((a, b) => b[1] - a[1])
    .map(([answer, count]) => `${categories[answer]?.label ?? ''} (${count})`)
    .join(', ');
}

function renderCards(cards: Markup[]): Markup {
  return html`<ol class="cards">
    ${cards}
  </ol>`;
}

function renderCard(
  { row, truth, answer, probability, truthProbability }: Mistake,
  categories: readonly Category[],
  thumbnails: ReadonlyMap<string, string> | null,
): Markup {
  const label = (k: number) => categories[k]?.label ?? '';
  return html`<li class="card">
    ${thumbnails === null ? '' : renderPhoto(thumbnails.get(row.imagePath ?? ''))}
    <p class="title" dir="auto" title="${row.designation}">${shorten(row.designation)}</p>
    <p class="product">product <bdi>${row.productId}</bdi></p>
    <dl>
      <dt class="wrong">predicted</dt>
      <dd>${label(answer)} <b>${percent(probability)}</b></dd>
      <dt class="right">true</dt>
      <dd>${label(truth)} <b>${percent(truthProbability)}</b></dd>
    </dl>
  </li>`;
}

function renderPhoto(picture: string | undefined): Markup {
  if (picture === undefined) return html`<div class="photo"><span>no photo</span></div>`;
  return html`<div class="photo"><img src="${picture}" alt="" loading="lazy" /></div>`;
}

function shorten(text: string): string {
  const characters = [...text.slice(0, 2 * TITLE_LENGTH)];
  return characters.length <= TITLE_LENGTH ? text : `${characters.slice(0, TITLE_LENGTH).join('')}…`;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)}\u00a0%`;
}
