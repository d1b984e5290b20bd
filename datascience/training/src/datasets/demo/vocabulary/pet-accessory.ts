import type { DemoCategory } from '../demo-category.js';
import { phrases } from '../phrase-grammar.js';

export const petAccessory: DemoCategory = {
  id: 2220,
  label: 'Accessoire animaux de compagnie',
  neighbours: [1940, 1280],
  products: phrases(
    `croquettes pour {chien|chat|chiot|chaton} {2 kg|12 kg|stérilisé}
    pâtée pour {chat|chien} {x 12|saumon|bœuf}; friandises pour {chien|chat}; os à mâcher chien
    panier pour {chien|chat}; coussin pour {chien|chat}; niche {chien|bois|plastique}
    collier {pour chien|pour chat|anti-puces|GPS}; laisse {pour chien|rétractable|nylon 1,2 m}
    harnais {pour chien|anti-traction|chat}; muselière; gamelle {inox|double|anti-glouton}
    distributeur de croquettes {automatique}; fontaine à eau pour chat; arbre à chat {120|150|180} cm
    griffoir {carton|sisal}; litière {agglomérante|végétale|silice} chat; bac à litière
    maison de toilette chat; pelle à litière; jouet pour {chien|chat} {balle|corde|souris|plume}
    balle pour chien; laser pour chat; tunnel pour {chat|lapin}; brosse pour {chien|chat}
    gant de toilettage; tondeuse {chien|animaux}; coupe-griffes; shampoing {chien|antiparasitaire}
    manteau pour chien {imperméable|hiver}; pull pour chien; chaussures pour chien; bandana chien
    cage {oiseau|hamster|lapin|perruche}; perchoir oiseau; graines pour {oiseaux|perruches|canaris}
    mangeoire oiseaux; nichoir; roue hamster; foin {lapin|cochon d'Inde}; copeaux litière rongeur
    clapier lapin; aquarium {20|60|120} L; filtre aquarium; pompe à air aquarium; décor aquarium
    nourriture poissons {flocons}; chauffage aquarium; gravier aquarium; plante d'aquarium
    terrarium {tortue|reptile}; lampe chauffante reptile; sac de transport {chat|chien}
    caisse de transport {chien|chat}; chatière; barrière pour chien
    tapis {éducateur|rafraîchissant|absorbant} chien; pipettes antiparasitaires {chien|chat}
    spray anti-puces; vermifuge; médaille chien gravée; collier d'éducation {anti-aboiement}
    clôture anti-fugue; ramasse-crottes {sacs|distributeur}; poulailler; abreuvoir poules; grattoir chat
    couchage {lapin|furet}; hamac pour {chat|rat}; laisse et collier {chat|lapin}
    couverture pour {cheval|chien}; licol {cheval|poney}; brosse pour cheval; rampe pour chien
    housse de siège voiture chien; ceinture de sécurité chien; porte-sac crottes; jouet oiseau
    harnais lapin; poisson jouet chat; escalier pour chien`,
  ),
  details: phrases(
    `pour chien; pour chat; petit chien; grand chien; chien et chat; taille {S|M|L|XL}; {1-15} kg
    animaux; rongeurs; anti-puces; {2-20} L; animal de compagnie; réglable`,
  ),
  brands: phrases(`Patapouf; Croc'Nature; Félino; Zooméa; Ouaf & Miaou; Aquaréal`),
  sentences: phrases(
    `Pour le confort de votre chien ou de votre chat.; Convient aux chiens de {2-40} kg.
    Tour de cou : {20-60} cm, réglable.; Votre animal de compagnie va l'adorer.
    Nylon résistant et respirant pour la promenade.
    Aliment complet pour {chats|chiens} adultes, riche en {poulet|saumon|bœuf}.
    Facile à laver, sans danger pour les animaux.; Capacité de l'aquarium : {20-200} litres.`,
  ),
};
