import type { DemoCategory } from '../demo-category.js';
import { phrases } from '../phrase-grammar.js';

export const collectibleMiniature: DemoCategory = {
  id: 1300,
  label: 'Miniature de collection',
  neighbours: [1140, 1280],
  products: phrases(
    `voiture miniature {Renault|Peugeot|Citroën|Ferrari|Porsche|Mercedes} {1/43|1/18|1/24}
    miniature {1/43|1/18} {2CV|4L|DS 19|Coccinelle|Mini Cooper}
    modèle réduit {avion|bateau|voiture|moto|char}
    maquette {avion|bateau|char} {1/72|1/48|1/35} à monter; camion miniature {1/43|1/50|1/87}
    tracteur miniature {1/32|1/16}; bus miniature {1/43|1/76}; moto miniature {1/12|1/18}
    locomotive {HO|N} {vapeur|diesel|électrique}; wagon {HO|N} {marchandises|voyageurs}
    train miniature {HO|Jouef|coffret}; rail {HO|N} {droit|courbe|aiguillage}
    décor train {HO|arbres|gare}; maison maquette {HO|gare|village}
    avion miniature {Airbus|Boeing|Rafale} {1/200|1/400|1/72}; hélicoptère miniature
    drone quadricoptère {FPV|caméra}; drone {pliable|GPS|4K}; voiture RC {1/10|1/8} brushless
    buggy RC {thermique|électrique}; pièces détachées {drone|voiture RC}
    batterie LiPo {1300-5000} mAh {3S|2S}; hélices drone lot de {4-16}; moteur brushless {drone|RC}
    châssis RC {1/10}; pneus RC {1/8|1/10}; servo {9g|numérique}
    télécommande {2,4 GHz|radiocommande} RC; avion RC {polystyrène|planeur}; bateau RC {course|pêche}
    char RC {1/16|tigre}; soldat de plomb {Napoléon|grognard}; soldats {1/72|1/32} plastique
    figurine militaire {1/35}; véhicule militaire miniature {1/43|1/72}; ambulance miniature
    voiture de police miniature; voiture de rallye miniature {Subaru|Lancia|Alpine}
    formule 1 miniature {1/43|1/18}; Majorette; Dinky Toys {1950-1970}; Norev {1/43|1/18}
    Solido {1/43|1/18}; Hot Wheels; Matchbox; Corgi Toys; Burago {1/18|1/24}
    vitrine {miniatures|collection}; voilier maquette bois
    bateau maquette {trois-mâts|paquebot|Titanic}; kit maquette {tank|sous-marin}; peinture maquette
    aérographe maquette; diorama {garage|militaire}; fusée maquette
    engin de chantier miniature {grue|pelleteuse}; circuit slot {1/32|voiture}; voiture slot Scalextric
    train Märklin; autorail {HO|X2800}; contrôleur {ESC|variateur} RC; caméra pour drone
    chargeur {LiPo|équilibreur}; valise pour drone; train d'atterrissage drone; cellule avion {1/72}`,
  ),
  details: phrases(
    `{1/43|1/18|1/24|1/72|1/87}; échelle {1/43|1/32|HO}; métal; en boîte; modèle réduit; à monter
    diecast; série limitée; {1955-1999}; collection; RC`,
  ),
  brands: phrases(`Minirétro; Altaya-Nova; Modelis; Rotor Sky; Échelle Réduite; Ferrovia`),
  sentences: phrases(
    `Modèle réduit en métal à l'échelle {1/43|1/18|1/24}, portes ouvrantes.
    Miniature sous vitrine avec socle.
    Maquette plastique à monter, {40-400} pièces, colle et peinture non fournies.
    Locomotive analogique, prête pour le digital.
    Drone avec caméra {720|1080}p, portée {50-300} m, batterie {500-3000} mAh.
    Pièce de rechange pour modèle RC {1/10|1/8}.; Finition soignée, détails d'époque.`,
  ),
};
