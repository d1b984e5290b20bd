import type { DemoCategory } from '../demo-category.js';
import { phrases } from '../phrase-grammar.js';

export const officeSupply: DemoCategory = {
  id: 2522,
  label: 'Fourniture de bureau',
  neighbours: [10, 1301],
  products: phrases(
    `stylo {bille|plume|roller|gel|4 couleurs}; lot de {4-50} stylos
    cahier {grands carreaux|petits carreaux|spirale} {A4|A5|24x32}; carnet de notes {A5|A6|à élastique}
    bloc-notes; ramette de papier A4 {80|90} g; feuilles {simples|doubles} perforées
    classeur {à levier|4 anneaux}; chemise cartonnée; trieur {12|24} positions
    pochettes plastiques perforées; intercalaires A4; agrafeuse {de bureau|métal}; agrafes 24/6
    perforatrice {2|4} trous; trombones {25|33} mm; punaises; pince à dessin; élastiques
    crayons de couleur boîte de {12-72}; feutres {lavables|pointe fine|à alcool}; surligneurs pastel
    marqueur {permanent|tableau blanc}; gomme {blanche|à dessin}; taille-crayon {double|électrique}
    règle {30 cm|plate}; équerre et rapporteur; compas scolaire
    trousse {scolaire|rectangulaire|en toile}; cartable; agenda {scolaire|civil|semainier} {2018-2022}
    calendrier mural {2018-2022}; cartouche d'encre imprimante; toner laser {noir|compatible}
    papier photo {brillant|mat}; étiquettes adhésives; enveloppes {kraft|à bulles|C5}; post-it
    notes repositionnables; ruban adhésif; dévidoir de scotch; colle en bâton; correcteur roller
    ciseaux {scolaires|de bureau}; calculatrice {scientifique|de bureau|collège}
    tableau blanc magnétique; chevalet de conférence; lampe de bureau; organiseur de bureau
    pot à crayons; corbeille à courrier; range-documents; sous-main; plastifieuse A4
    destructeur de documents; massicot; tampon encreur; encre de Chine; plume de calligraphie
    stylo plume {rechargeable|plaqué or}; mine {0,5|0,7} mm; porte-mine; répertoire
    registre {comptable|du personnel}`,
  ),
  details: phrases(
    `A4; A5; lot de {2-50}; {48-200} pages; pointe fine {0,5|0,7} mm; boîte de {10-100}; grand format
    rechargeable; format 21x29,7; couleurs assorties; pour le bureau; rentrée scolaire; 90 g`,
  ),
  brands: phrases(`Papyris; Oxelle; Scriptor; Buroline; Plumex; Carnéo`),
  sentences: phrases(
    `Papier {70-100} g/m², réglure {seyès|5x5}.; Indispensable pour la rentrée et le bureau.
    Encre à séchage rapide, écriture fluide.; Boîte de {10-100} pièces.
    Couverture rigide polypropylène.; Capacité : {10-300} feuilles.
    Pointe de {0,5|0,7|1} mm, corps ergonomique.; Compatible avec les imprimantes jet d'encre et laser.
    Perforations 4 trous, format A4.`,
  ),
};
