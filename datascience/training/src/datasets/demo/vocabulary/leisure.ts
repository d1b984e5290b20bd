import type { DemoCategory } from '../demo-category.js';
import { phrases } from '../phrase-grammar.js';

export const leisure: DemoCategory = {
  id: 1301,
  label: 'Loisir',
  neighbours: [1302, 50],
  products: phrases(
    `ballon de {football|basket|rugby|volley}; raquette de {tennis|badminton|ping-pong|squash}
    balles de {tennis|ping-pong|golf}; table de ping-pong; volant de badminton
    filet de {volley|badminton|ping-pong}; jeu de fléchettes {cible|sisal}
    cible {fléchettes|électronique}; baby-foot {balles|barres|adulte}; balles de baby-foot {liège}
    billard {queue|boules|triangle}; queue de billard; craie de billard; gants de {boxe|gardien|fitness}
    sac de frappe; corde à sauter; haltères {1-10} kg; tapis de {yoga|fitness}; élastique de musculation
    swiss ball; roue abdominale; banc de musculation; vélo d'appartement; rameur; tapis de course
    protège-tibias; maillot de {football|rugby|basket}; chaussettes de {bébé|sport|foot}; bonnet de bain
    lunettes de natation; masque et tuba; palmes; planche de {natation|bodyboard}
    skateboard {31 pouces|enfant}; longboard; rollers {en ligne|enfant}; patins à {roulettes|glace}
    trottinette freestyle; casque de {ski|vélo|skate}; protections {genoux|coudes}; trampoline fitness
    pétanque {boules|triplette|mallette}; cerf-volant; boomerang; frisbee; diabolo; balles de jonglage
    jeu de croquet; mölkky; arc et flèches {initiation|carbone}; carabine à plomb {4,5 mm}
    billes airsoft {0,20 g}; pistolet airsoft; canne à pêche {spinning|télescopique}; moulinet de pêche
    leurres de pêche {lot|souples}; hameçons; guitare {acoustique|électrique|enfant}; ukulélé; harmonica
    flûte à bec; médiator; cordes de guitare; piano clavier {61|88} touches
    batterie {électronique|enfant}; chevalet de peinture; tubes de peinture {acrylique|huile}
    toile à peindre; kit diamond painting; broderie diamant 5D; kit point de croix; peinture par numéros
    laine à tricoter pelote; crochet aiguilles; tissu au mètre; perles pour bijoux; scrapbooking papier
    origami; timbre {France|colonies} {1900-1990}; pièce de monnaie {1/2 franc|argent|euro} {1850-2010}
    album de timbres; catalogue philatélie; cartes à jouer de magie; balle anti-stress; jeu de bowling
    chaussure de {foot|escalade} crampons; sifflet d'arbitre; chronomètre`,
  ),
  details: phrases(
    `taille {S|M|L|5}; {1-10} kg; loisirs; entraînement; adulte; débutant; compétition; lot de {2-12}
    intérieur et extérieur; {20-80} cm; sport`,
  ),
  brands: phrases(`Sportiva Plus; Loisiréo; Domyx; Atoutsport; Kréatif; Passe-Temps`),
  sentences: phrases(
    `Pour les sportifs débutants et confirmés.; Ballon cousu machine, taille {3|4|5}.
    Améliorez votre entraînement à la maison.; Kit créatif complet avec {20-40} couleurs et pinceaux.
    Toile de {20-60} x {20-60} cm, {10-40} couleurs.; Convient aux loisirs, au club et à la compétition.
    Idéal pour occuper votre temps libre.`,
  ),
};
