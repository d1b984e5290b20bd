const nouns =
  'livre roman console manette jeu figurine carte poupée peluche puzzle drone tapis berceau table chaise canapé oreiller rideau thé chocolat lampe vase laisse gamelle parasol transat piscine pompe perceuse vis'.split(
    ' ',
  );
const words =
  'noir blanc rouge bleu grand petit neuf ancien édition lot de pour avec sans bois métal plastique coton enfant adulte jardin salon 12 24 cm pièces collection original fabriqué en France garantie 2 ans livraison rapide design moderne haute qualité résistant léger pliable rechargeable LED motif fleurs ensemble'.split(
    ' ',
  );

/**
 * Product texts that differ from each other: a designation of about 12 words, every third with a description.
 *
 * @param {number} count
 */
export function buildProducts(count) {
  const pick = buildPicker(42);
  const sentence = (length) => Array.from({ length }, () => pick(words)).join(' ');
  return Array.from({ length: count }, (_, i) => ({
    designation: `${pick(nouns)} ${sentence(8 + (i % 8))} réf ${i}`,
    ...(i % 3 === 0 ? { description: `<p>${sentence(30)}</p>` } : {}),
  }));
}

/** A linear congruential generator (Numerical Recipes): every run asks for the same products. */
function buildPicker(seed) {
  let state = seed;
  return (list) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return list[Math.floor((state / 2 ** 32) * list.length)];
  };
}
