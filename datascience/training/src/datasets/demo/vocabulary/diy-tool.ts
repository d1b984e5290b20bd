import type { DemoCategory } from '../demo-category.js';
import { phrases } from '../phrase-grammar.js';

export const diyTool: DemoCategory = {
  id: 2585,
  label: 'Bricolage',
  neighbours: [2582, 2583, 1560],
  products: phrases(
    `perceuse {visseuse|à percussion|sans fil 18V}; visseuse {à choc|électrique}
    marteau {menuisier|arrache-clou}; tournevis {cruciforme|plat|jeu de 6|précision}
    clé {à molette|plate|à pipe|dynamométrique}; coffret de douilles {40-215} pièces
    scie {sauteuse|circulaire|à métaux|égoïne}; ponceuse {orbitale|excentrique|à bande}
    meuleuse {125|230} mm; disque {à tronçonner|diamant|abrasif} {125|230} mm
    lot de {5-50} forets {béton|métal|bois}; mèche à bois; embouts de vissage
    pince {multiprise|coupante|universelle|à sertir}; niveau {à bulle|laser}; mètre ruban {3|5|8} m
    équerre de menuisier; cutter {18 mm}; lames de cutter; ciseau à bois; rabot {électrique}
    échelle {télescopique|aluminium 3 plans}; escabeau {3|5} marches; établi pliant; caisse à outils
    servante d'atelier; serre-joint; étau {d'établi}; tréteaux {bois|métal}; diable de manutention
    brouette; bétonnière; pelle {jardin|terrassier}; pioche; râteau; bêche; sécateur
    tronçonneuse {thermique|électrique}; débroussailleuse; motobineuse; fendeur de bûches
    peinture {murale|blanche|façade|bois} {2,5 L|10 L}; vernis {bois}; lasure; rouleau de peinture
    pinceau {plat|à rechampir}; bâche de protection; enduit {rebouchage|lissage}
    mastic {silicone|acrylique}; pistolet {à colle|à peinture|à silicone}; colle {à bois|néoprène|époxy}
    ruban {adhésif|isolant|de masquage}; papier de verre; cale à poncer
    vis {à bois|inox|placo} {4x40|5x60} boîte de {50-500}; boulons et écrous; chevilles {nylon|molly}
    clous {acier}; charnière {porte|inox}; serrure {3 points|à cylindre}; cylindre de serrure
    cadenas {à code|laiton}; poignée de {porte|meuble}; roulettes pivotantes lot de 4
    équerre de fixation; rail coulissant {tiroir}; ferme-porte; robinet {mitigeur|cuisine|lavabo}
    douchette; flexible de douche; siphon; joint {fibre|caoutchouc}; tuyau {PVC|cuivre|multicouche}
    raccord {laiton|à compression}; chasse d'eau mécanisme; abattant WC; chauffe-eau {50|100} L
    radiateur {électrique|à inertie}; thermostat; vanne thermostatique
    pompe {immergée|vide-cave|de relevage}; aérateur; VMC; détecteur {de fumée|de mouvement}
    interrupteur {va-et-vient|encastré}; prise {électrique|encastrée|USB}
    câble électrique {3G2,5|100 m}; rallonge {électrique|25 m}; disjoncteur {16A|20A}
    tableau électrique; multimètre {numérique}; fer à souder {60 W}; poste à souder {inverter|MIG}
    électrodes; masque de soudure; gants de {travail|protection}; lunettes de protection
    chaussures de sécurité; casque antibruit; groupe électrogène; compresseur {24|50} L
    nettoyeur haute pression; aspirateur {de chantier|eau et poussière}; décapeur thermique
    carrelage {colle|croisillons}; coupe-carreaux; parquet {stratifié|sous-couche}
    isolant {laine de verre|mince}; plaque de plâtre; ciment {25 kg}; truelle; taloche
    portail {motorisation}; interphone vidéo; sonnette sans fil; caméra de surveillance; coffre-fort
    bâche {armée|de chantier} {4x5 m}; filet {de protection}; corde {polypropylène}; chaîne {acier}
    batterie {18V|outillage} {2-5} Ah; chargeur {outillage}`,
  ),
  details: phrases(
    `{18|20}V; {500-2000} W; {4-125} mm; lot de {2-100}; acier; inox; professionnel; avec coffret
    {2-25} m; outil; sans fil; {230}V; galvanisé; atelier; chantier`,
  ),
  brands: phrases(`Ferrotek; Brikoma; Outilor; Vissex; Atelier Robur; Mastock`),
  sentences: phrases(
    `Puissance : {500-2000} W, vitesse {500-11000} tr/min.; Livré en coffret avec {2-100} accessoires.
    Acier chrome vanadium, poignée bi-matière.
    Pour vos travaux de bricolage, de rénovation et d'atelier.
    Fixation facile au mur, vis et chevilles fournies.; Batterie {18|20} V lithium, {2-5} Ah.
    Résiste à la corrosion, usage intérieur et extérieur.; Convient au bois, au métal et au béton.`,
  ),
};
