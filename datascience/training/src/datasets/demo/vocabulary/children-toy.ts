import type { DemoCategory } from '../demo-category.js';
import { phrases } from '../phrase-grammar.js';

export const childrenToy: DemoCategory = {
  id: 1280,
  label: 'Jouet pour enfant',
  neighbours: [1281, 1302, 1300],
  products: phrases(
    `poupée {mannequin|de chiffon|qui parle|bébé}; poupon {30|42} cm
    peluche {ours|lapin|licorne|éléphant|chien} {20-80} cm; doudou géant; nounours
    petite voiture {rouge|police}; camion {de pompiers|benne} jouet; tracteur jouet
    circuit de {voitures|train} {en bois|électrique}; train {en bois|électrique} enfant
    briques de construction {100-1000} pièces; Lego {City|Duplo|Friends|Technic|Ninjago}
    Playmobil {pirates|ferme|chevaliers|cirque}; cubes en bois; voiture radiocommandée
    voiture télécommandée {tout-terrain|4x4}; drone enfant; hélicoptère télécommandé
    robot {télécommandé|dinosaure} jouet; dinosaure jouet {tyrannosaure|tricératops}
    figurine animaux de la ferme; dînette {bois|en porcelaine}; cuisine enfant {en bois|jouet}
    marchande jouet; établi enfant; mallette docteur; caisse enregistreuse jouet
    maison de poupée {bois|3 étages}; château {fort|princesse} jouet; garage voitures jouet
    pâte à modeler {pots|slime}; kit de loisirs créatifs enfant; perles à repasser; coffret magie
    déguisement {princesse|super-héros|pirate} enfant; instrument de musique enfant {xylophone|tambour}
    micro karaoké enfant; pistolet {à eau|à fléchettes|Nerf}; toupie {Beyblade|bois}; yoyo; hand spinner
    puzzle enfant {24-100} pièces; tableau magnétique enfant; ardoise magique
    jouet d'éveil {musical|à tirer}; cheval à bascule; porteur enfant; trottinette enfant
    vélo sans pédales; tente de jeu {tipi|princesse}; tapis de jeu {circuit|route}
    marionnette {à main|doigts}; kaléidoscope; boîte à musique; jeu de construction magnétique
    train à piles; bulles de savon; tapis puzzle mousse; avion jouet; bateau de bain jouet
    jouet en bois {Montessori|labyrinthe}; télescope enfant; microscope enfant; talkie-walkie enfant
    ferme jouet avec animaux; bracelets {élastiques|perles} coffret fille; accordéon jouet
    Barbie {voiture|maison|sirène}`,
  ),
  details: phrases(
    `enfant {3-8} ans; dès {18 mois|3 ans|6 ans}; {20-500} pièces; en bois; à piles; éducatif
    garçon et fille; jouet; {1/14|1/18} rechargeable; sonore et lumineux`,
  ),
  brands: phrases(`Joujouland; Petipa; Boisjoli; Zibulo; Funkidz; Tipouce`),
  sentences: phrases(
    `Jouet éducatif qui développe l'imagination des enfants à partir de {2-8} ans.
    Fonctionne avec {2-4} piles AA non fournies.; Ne convient pas aux enfants de moins de 36 mois.
    Des heures de jeu pour les filles et les garçons.; Peluche toute douce lavable en machine.
    Coffret de {20-500} pièces à assembler.; Un cadeau d'anniversaire idéal pour enfant.`,
  ),
};
