import type { DemoCategory } from '../demo-category.js';
import { phrases } from '../phrase-grammar.js';

export const grocery: DemoCategory = {
  id: 1940,
  label: 'Épicerie',
  neighbours: [2220, 1320],
  products: phrases(
    `café {en grains|moulu|en dosettes|en capsules} {250 g|1 kg}
    thé {vert|noir|Earl Grey} {100 g|20 sachets}; infusion {verveine|camomille|bio}
    chocolat {noir|au lait|aux noisettes} {70 %|100 g|200 g}; tablette de chocolat
    bonbons {gélifiés|acidulés|anciens} {1 kg}; caramels beurre salé; confiture {fraise|abricot|figue}
    miel {de lavande|d'acacia|toutes fleurs} {250 g|500 g}; pâte à tartiner {noisettes}
    biscuits {sablés|petit beurre|apéritif}; galettes bretonnes; madeleines {x 12}; pain d'épices
    céréales {muesli|granola} bio; flocons d'avoine; pâtes {spaghetti|penne|italiennes} {500 g|1 kg}
    riz {basmati|complet|thaï} {1 kg|5 kg}; quinoa bio; lentilles {vertes|corail}; pois chiches
    haricots rouges; farine {de blé T55|de sarrasin} 1 kg; sucre {de canne|roux|en morceaux}
    sel {de Guérande|rose de l'Himalaya}; levure boulangère
    huile {d'olive vierge extra|de tournesol|de coco} {50 cl|1 L}; vinaigre {balsamique|de cidre}
    moutarde {de Dijon|à l'ancienne}; ketchup; mayonnaise; sauce {tomate|soja|piquante|curry}
    épices {curcuma|paprika|curry|cannelle}; poivre {noir|en grains}; herbes de Provence
    vanille gousses; conserve {thon|sardines|maïs|petits pois}; soupe {légumes|instantanée}
    plat cuisiné {cassoulet|couscous} bocal; foie gras {entier|de canard} {180 g}
    terrine {campagne|canard}; rillettes; olives {vertes|noires}; cornichons; tomates séchées
    champignons séchés; noix de {cajou|pécan} {500 g|1 kg}; amandes {décortiquées|grillées}
    fruits secs {mélange|abricots}; dattes {Medjool}; raisins secs; chips {pommes de terre|sel}
    pop-corn; barres de céréales {x 6}; compotes {pomme}; sirop {menthe|grenadine|d'érable}
    jus de fruits {orange|pomme} {1 L}; limonade; eau minérale {6 x 1,5 L}
    vin {rouge|blanc|rosé} {Bordeaux|Bourgogne|bio} {75 cl}; champagne brut
    bière {blonde|artisanale|ambrée} {33 cl}; whisky; cidre breton; rhum arrangé
    panier garni {gourmand|terroir}; coffret gourmand {thé|épices|chocolat}; dragées {amande} {1 kg}
    moules à gâteau comestibles; pâte à sucre {1 kg}; décor gâteau {azyme|sucre}
    poudre de {matcha|cacao|spiruline}; protéine {whey|végétale} vanille
    nouilles {instantanées|chinoises}; algues nori; lait {de coco|concentré|d'amande}; crème dessert
    bouillon cube; chewing-gum; réglisse; guimauve; pralines; nougat {de Montélimar}; calissons
    sucettes {x 100}; gelée royale; graines de chia {bio 1 kg}`,
  ),
  details: phrases(
    `{100-900} g; 1 kg; {25|33|50|75} cl; lot de {2-12}; bio; sans gluten; x {6-24}; artisanal; sachet
    bocal; origine France; commerce équitable; DLUO longue; pack de {4-12}`,
  ),
  brands: phrases(`Saveurs du Sud; Bio Vallon; Maison Grignote; Terroir & Co; Café Mirador; La Bonne Gousse`),
  sentences: phrases(
    `Ingrédients : sucre, farine de blé, {beurre|huile de tournesol}, sel.
    Peut contenir des traces de fruits à coque.; À conserver dans un endroit sec et frais.
    Issu de l'agriculture biologique.; Poids net : {100-900} g.
    Saveur {intense|douce|fruitée}, à déguster à l'apéritif ou au dessert.
    Valeurs nutritionnelles pour 100 g : {200-600} kcal.; Produit artisanal de nos terroirs.`,
  ),
};
