import type { DemoCategory } from '../demo-category.js';
import { phrases } from '../phrase-grammar.js';

export const beddingCurtain: DemoCategory = {
  id: 1920,
  label: 'Literie, rideaux',
  neighbours: [2060, 1560, 1320],
  products: phrases(
    `couette {240x260|220x240|140x200} cm {microfibre|duvet|4 saisons|légère}
    oreiller {mémoire de forme|60x60|50x70} {lot de 2|}
    housse de couette {140x200|220x240|240x260} {2 taies|coton|imprimée}
    parure de lit {2|3|4} pièces {coton|flanelle|enfant}
    drap housse {90x190|140x190|160x200} {coton|jersey}; drap plat {240x300|180x290}
    taie d'oreiller {63x63|50x70} {coton|satin}; traversin {140|160}
    protège-matelas {imperméable|molleton}; alèse; surmatelas {mémoire de forme|bambou}
    couvre-lit {boutis|matelassé}; jeté de lit
    rideau {occultant|thermique|à œillets|voilage} {135x240|140x260}; paire de rideaux {velours|lin}
    voilage {blanc|à œillets|étamine}; double rideau; tringle à rideau
    store {enrouleur|occultant|vénitien}; embrasse de rideau; brise-bise; rideau de porte
    rideau de douche; coussin {45x45|40x40|60x60} cm; housse de coussin {45x45|lin|velours|imprimée}
    taie de coussin {@colours}; garnissage coussin; plaid {polaire|fausse fourrure|130x170}
    couverture {polaire|chauffante|laine} {220x240}; jeté de canapé
    housse de canapé {extensible|3 places}; housse de chaise {extensible|lot de 4}
    nappe {rectangulaire|anti-tache|coton|ronde}; chemin de table; serviettes de table tissu
    set de table; torchon {coton|lot de 6}; serviette de {bain|toilette|plage}
    drap de bain {70x140|100x150}; gant de toilette; peignoir {éponge|microfibre}; tapis de bain
    drap de plage; coussin de chaise {galette|40x40}; dessus de chaise; édredon; tenture murale mandala
    linge de lit {satin|percale|lin lavé}; sur-oreiller; housse de matelas {zippée}; moustiquaire de lit
    ciel de lit; cache-sommier; fourreau de coussin; tissu d'ameublement; bouillotte housse
    couette {enfant|@universes}; drap {@universes} enfant`,
  ),
  details: phrases(
    `{140x200|220x240|240x260|45x45|50x70} cm; 100 % coton; microfibre; satin; {lot de 2|la paire}
    lavable en machine; {200-500} g/m²; 2 personnes; 1 personne; polyester; anti-acariens; occultant
    imprimé {fleurs|géométrique|feuilles}`,
  ),
  brands: phrases(`Doucelit; Blanc Cotonnier; Rêverie; Linéo; Tisséa; Plumetis`),
  sentences: phrases(
    `Tissu {100 % coton|microfibre|polyester}, {57-80} fils/cm².; Lavable en machine à {30|40|60}°C.
    Garnissage {200-500} g/m², toucher tout doux.; Dimensions : {45|140|220|240} x {45|200|240|260} cm.
    Housse de coussin à fermeture éclair invisible, sans garnissage.
    Rideau à {8} œillets qui bloque la lumière.; Des nuits douillettes toute l'année.`,
  ),
};
