import type { DemoCategory } from '../demo-category.js';
import { phrases } from '../phrase-grammar.js';

export const swimmingPool: DemoCategory = {
  id: 2583,
  label: 'Piscine',
  neighbours: [2582, 2585, 1302],
  products: phrases(
    `piscine gonflable {ronde|rectangulaire|enfant} {2|3|4} m
    piscine hors sol {ronde|acier|bois|résine} {3,66|4,57|5,5} m
    piscine tubulaire {rectangulaire|ronde} {3x2|4x2|5,49} m; piscine autoportée {2,44|3,05|3,66} m
    piscinette; pataugeoire gonflable; piscine à boules; piscine bois {octogonale|4 m}
    piscine pour enfant; mini piscine coque; spa gonflable {4|6} places; jacuzzi gonflable; filtre spa
    cartouche de filtration {spa|piscine|type A}
    bâche {piscine|à bulles|solaire|d'hivernage} {3,6|4x8|5} m; couverture {solaire|isotherme} piscine
    enrouleur de bâche; tapis de sol piscine; liner {piscine|75/100}; kit de réparation liner
    pompe de piscine {3|5} m³/h; pompe {à filtration|à chaleur} piscine; filtre à sable {4|8} m³/h
    sable de filtration {25 kg}; balles filtrantes {700 g}; verre filtrant; skimmer {piscine|flottant}
    panier de skimmer; buse de refoulement; vanne 6 voies; tuyau flottant {32|38} mm; raccord piscine
    prise balai; robot de piscine {électrique|hydraulique}; aspirateur de piscine; balai piscine
    tête de balai; manche télescopique {3,6 m}; épuisette {de fond|de surface} piscine; brosse piscine
    nettoyeur {sans fil} piscine; échelle {piscine|inox 3 marches|hors sol}; escalier piscine
    alarme {piscine}; barrière {piscine|sécurité}; filet de sécurité piscine
    chlore {choc|lent|galets} {5 kg|1 kg}; pastilles de chlore {multifonctions}; brome {pastilles}
    pH {moins|plus} {5 kg|liquide}; anti-algues {5 L}; clarifiant floculant; produit d'hivernage
    testeur {pH|chlore} piscine; bandelettes test {piscine|x 50}; doseur flottant chlore
    sel piscine {25 kg}; électrolyseur au sel; régulateur pH; thermomètre {piscine|flottant}
    projecteur {LED|piscine}; lampe {flottante|immergée} piscine; ampoule PAR56 LED
    cascade {piscine|lame d'eau}; douche solaire piscine; chauffage solaire piscine
    panneau solaire piscine; pompe {à chaleur} {6-12} kW; réchauffeur piscine; matelas gonflable piscine
    bouée {flamant rose|licorne|donut}; fauteuil flottant; toboggan piscine; panier de basket piscine
    volleyball piscine gonflable; brassards {gonflables|enfant}; bouée siège bébé; ceinture de natation
    flotteur d'hivernage; gizzmo; bouchon d'hivernage; margelle piscine; abri piscine
    coffre de filtration; préfiltre pompe; joint {pompe|filtre}; manomètre filtre; hivernage {kit|bâche}
    pédiluve piscine; caillebotis piscine; gonfleur électrique piscine; tendeur bâche {sandow}
    filtre {S1|type B} lot de {6|12}`,
  ),
  details: phrases(
    `{3|3,66|4,57|5} m; piscine; {2-20} m³; hors sol; ronde; rectangulaire; {5|10|25} kg; avec filtration
    {38|50} mm; eau {claire|salée}; baignade; {3000-12000} L; avec pompe et échelle`,
  ),
  brands: phrases(`Aquabelle; Bluepiscine; Lagon+; Océalia; Swimeo; Clair'Eau`),
  sentences: phrases(
    `Capacité : {500-15000} litres.; Pour piscines jusqu'à {20-80} m³.; Eau claire et saine tout l'été.
    Installation en {15-60} minutes : gonflez l'anneau supérieur et remplissez d'eau.
    Débit de la pompe : {2-12} m³/h.; Le traitement au chlore élimine algues et bactéries.
    Profitez de la baignade en famille.; Compatible avec les piscines hors sol et enterrées.
    PVC {3} couches résistant.`,
  ),
};
