import type { DemoCategory } from '../demo-category.js';
import { phrases } from '../phrase-grammar.js';

export const digitalBook: DemoCategory = {
  id: 2705,
  label: 'Livre numérique',
  neighbours: [10, 2403],
  products: phrases(
    `ebook {@titles} - {@authors}; {@titles} {format epub|version numérique|ebook|format Kindle}
    livre numérique {@titles}; {@titles} - {@authors} (ebook); e-book {roman|thriller|romance}
    epub {@authors} {@titles}; {@titles} [format numérique]; livre électronique {@titles}
    roman numérique {@authors}; liseuse {6|7,8} pouces; liseuse électronique tactile
    abonnement lecture numérique; livre audio à télécharger {@titles}
    pdf à télécharger guide {pratique|complet}; ebook cuisine {facile|vegan|sans gluten}
    ebook développement personnel; ebook romance {historique|moderne}
    guide numérique de {voyage|jardinage|yoga}; manga numérique {@universes}; bande dessinée numérique
    roman policier en version numérique; intégrale numérique {@authors}; nouvelle numérique {@authors}
    coffret ebook {3-8} romans; thèse au format pdf; essai numérique {@authors}
    manuel numérique {mathématiques|anglais}; dictionnaire numérique; livre interactif pour tablette
    album jeunesse numérique; cours en ligne pdf; revue universitaire en ligne; encyclopédie numérique
    poésie numérique {@authors}; théâtre ebook {@titles}; biographie ebook {@authors}
    science-fiction ebook; fantasy ebook tome {1-5}; ebook jeunesse {@titles}
    ebook {économie|gestion|marketing}; ebook apprendre {l'anglais|l'espagnol|le japonais}
    partition numérique {piano|guitare}; livre enrichi {audio|vidéo}; carte cadeau ebooks
    code de téléchargement livre; fichier epub sans DRM; {@titles} Kindle`,
  ),
  details: phrases(
    `ebook; format epub; version numérique; à télécharger; PDF; sans DRM; lecture sur liseuse et tablette
    format numérique; téléchargement immédiat; compatible Kindle; {180-620} pages numériques
    fichier {1-9} Mo`,
  ),
  brands: phrases(`Numilire; Pixel Éditions; e-Plume; Octavo Digital; Liseo; Nuage de Pages`),
  sentences: phrases(
    `Fichier au format epub, lisible sur liseuse, tablette et téléphone.
    Téléchargement immédiat après l'achat.; Ce livre numérique de {@authors} est livré sans DRM.
    Version numérique du roman paru en {1990-2019}.
    La liseuse garde jusqu'à {3-30} 000 ebooks en mémoire.; Format : ebook, {1-9} Mo.
    Lecture confortable sur écran tactile.`,
  ),
};
