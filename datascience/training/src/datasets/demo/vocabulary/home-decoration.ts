import type { DemoCategory } from '../demo-category.js';
import { phrases } from '../phrase-grammar.js';

export const homeDecoration: DemoCategory = {
  id: 2060,
  label: "Décoration d'intérieur",
  neighbours: [1920, 1560, 2582],
  products: phrases(
    `tableau {déco|sur toile|abstrait} {80x60|3 panneaux|120x80}; cadre photo {10x15|20x30|pêle-mêle}
    miroir {rond|soleil|mural|rotin}; horloge murale {30|40|géante}; pendule {vintage|silencieuse}
    vase {verre|céramique|en grès}; bougie {parfumée|LED|vanille}; photophore {verre|lot de 3}
    bougeoir {métal|doré}; guirlande lumineuse {LED|boules|10 m}; lampe {de chevet|à poser|lava}
    lampadaire {trépied|arc}; suspension {rotin|industrielle|métal}; lustre {cristal|design}
    applique murale; plafonnier LED; ampoule {LED|filament} déco; abat-jour; ruban LED {5 m|RGB}
    veilleuse {projecteur|étoiles}; sticker mural {arbre|citation|animaux}
    papier peint {intissé|brique|3D}; affiche {vintage|déco|botanique}; poster {paysage|ville} encadré
    plante artificielle {olivier|succulente}; fleurs artificielles {bouquet|roses}
    pot de fleurs intérieur; cache-pot; terrarium; attrape-rêves {plumes}; mobile décoratif
    tapis {salon|berbère|shaggy} {120x170|160x230}; paillasson {coco|humoristique}
    statue {bouddha|africaine|femme}; statuette {éléphant|chouette} décorative
    sculpture {métal|moderne}; boîte {à bijoux|de rangement|métal vintage}; corbeille {osier|tissée}
    panier {rotin|à linge}; plateau décoratif; porte-clés mural; sapin de Noël {artificiel|180 cm}
    boule de Noël {lot de 24|verre}; guirlande de Noël; crèche de Noël
    décoration {Halloween|Noël|mariage|anniversaire}; ballons {anniversaire|mariage|lot de 50}; fanions
    centre de table; diffuseur {huiles essentielles|parfum}; encens {bâtonnets|porte-encens}
    fontaine d'intérieur; lettre décorative {lumineuse}; galet décoratif; coquillage décoratif; sablier
    globe terrestre; mappemonde murale; patère {bois|cuivre}; étagère déco {nid d'abeille}
    crochet mural; porte-manteau décoratif; assiette décorative murale; carillon; nappe cirée déco
    plaque {métal|émaillée} vintage; figurine porcelaine; carafe {verre|décorative}; range-bijoux
    boule {verre|décorative}; cadre {canevas|LED}; toile {imprimée|tendue} {paysage|zen|fleurs}`,
  ),
  details: phrases(
    `{20-120} cm; décoration murale; salon; chambre; LED; bois et métal
    style {bohème|scandinave|vintage|zen}; {3-5} panneaux; sans cadre; céramique; verre; maison; Noël
    fait main`,
  ),
  brands: phrases(`Décoréa; Maison Bohème; Lumisol; Atelier Galet; Zen & Co; Belle Ambiance`),
  sentences: phrases(
    `Apporte une touche de charme à votre décoration d'intérieur.; À suspendre au mur ou à poser.
    Toile imprimée haute définition, sans cadre, {20-120} x {20-120} cm.
    Éclairage LED, {3-20} m, {20-200} ampoules.; Idéal pour le salon, la chambre ou l'entrée.
    Décoration festive pour Noël, un mariage ou un anniversaire.
    En {céramique|verre|résine|métal}, finition {mate|brillante|dorée}.`,
  ),
};
