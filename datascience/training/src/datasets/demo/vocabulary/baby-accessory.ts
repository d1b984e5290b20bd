import type { DemoCategory } from '../demo-category.js';
import { phrases } from '../phrase-grammar.js';

export const babyAccessory: DemoCategory = {
  id: 1320,
  label: 'Accessoire bébé',
  neighbours: [1280, 1920],
  products: phrases(
    `poussette {canne|trio|double|compacte}; siège auto {groupe 0+|isofix|pivotant}; lit parapluie
    lit bébé {60x120|à barreaux}; matelas bébé {60x120}; tour de lit; gigoteuse {6-36} mois
    turbulette {hiver|été}; couverture bébé polaire; biberon {150|240|330} ml
    tétine {silicone|physiologique} {0-6} mois; chauffe-biberon; stérilisateur de biberons
    coussin d'allaitement; tire-lait {électrique|manuel}; bavoir {lot de 5|silicone|bandana}
    chaise haute bébé {évolutive|pliante}; réhausseur de chaise
    couches {taille 1|taille 3|taille 5|lavables}; couche piscine; lingettes bébé; matelas à langer
    table à langer; sac à langer; poubelle à couches; baignoire bébé; transat de bain
    thermomètre de bain; cape de bain bébé; sortie de bain bébé; porte-bébé {ergonomique|ventral}
    écharpe de portage; transat bébé {balancelle|vibrant}; parc bébé; tapis d'éveil {arche|musical}
    mobile musical bébé; veilleuse bébé; babyphone {vidéo|audio}; barrière de sécurité {escalier|enfant}
    cache-prise; coins de table protection; doudou {plat|lapin}; hochet {bois|anneau de dentition}
    anneau de dentition; attache-tétine {bois|prénom}; body bébé {manches longues|lot de 5}
    pyjama bébé velours; grenouillère; bonnet naissance; chaussons bébé {cuir souple}
    combinaison pilote bébé; moufles bébé; vêtement bébé {robe|salopette|ensemble 2 pièces}; barboteuse
    chaussettes bébé antidérapantes; chancelière poussette; ombrelle poussette
    habillage pluie poussette; organiseur poussette; adaptateur poussette; pot bébé
    réducteur de toilettes; marchepied enfant; trotteur bébé; mouche-bébé; thermomètre bébé
    coffret {naissance|empreinte} bébé; album bébé naissance; jouet de bain bébé
    assiette {ventouse} bébé; cuillères bébé silicone; tasse d'apprentissage; robot cuiseur bébé
    boîte à lait en poudre; couffin; nid d'ange; berceau {cododo}; moustiquaire {poussette|lit}
    rétroviseur bébé voiture; coussin anti-tête plate; layette {tricot|fille|garçon}`,
  ),
  details: phrases(
    `bébé {0-24} mois; naissance; {3|6|12|18} mois; fille; garçon; coton bio; sans BPA; lot de {2-6}
    {60x120} cm; enfant; nouveau-né; mixte`,
  ),
  brands: phrases(`Bébélune; Doudou & Co; Petit Nuage; Câlinou; Babyflor; Mamanline`),
  sentences: phrases(
    `Pour bébé de la naissance à {6-36} mois.
    Coton doux qui respecte la peau de bébé, sans BPA ni phtalates.
    Harnais {3|5} points et dossier inclinable.
    Lavable en machine à 30°C, pour toute la petite enfance.
    Accompagne bébé et rassure les jeunes parents.; Conforme à la norme EN {1000-1999}.
    Cadeau de naissance idéal pour un nouveau-né.`,
  ),
};
