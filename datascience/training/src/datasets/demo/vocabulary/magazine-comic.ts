import type { DemoCategory } from '../demo-category.js';
import { phrases } from '../phrase-grammar.js';

export const magazineComic: DemoCategory = {
  id: 2280,
  label: 'Magazine et BD',
  neighbours: [2403, 10],
  products: phrases(
    `magazine {mode|cuisine|décoration|auto|moto|photo|science} n° {1-400}
    revue {histoire|nature|philatélie} n° {1-300}; BD {@universes} tome {1-30}
    bande dessinée {@universes}; manga {@universes} tome {1-60}
    album BD {Astérix|Tintin|Spirou|Lucky Luke}; comics {@universes} n° {1-200}
    journal ancien du {1-28} {mars|mai|octobre} {1935-1975}; hebdomadaire {1950-1999}
    revue automobile {1960-1999}; magazine télé {1970-1995}; magazine de tricot {layette|modèles}
    magazine de couture patron; magazine jeux vidéo n° {1-150}; journal de mode {1900-1960}
    numéro spécial {cinéma|rock|football}; hors-série {jardin|santé|histoire}; fanzine {rock|BD}
    journal illustré {1890-1930}; gazette {1900-1950}; mensuel {économie|psychologie}
    magazine féminin {1960-2010}; magazine de pêche; revue de chasse; magazine d'aviation
    revue ferroviaire; magazine équitation; magazine cyclisme; magazine {rugby|football} n° {1-500}
    revue d'art {1950-1990}; revue d'architecture; magazine photo {1975-2005}; revue militaire
    magazine de bricolage n° {1-90}; journal de Mickey n° {100-2900}; Pif gadget n° {1-900}
    Spirou magazine n° {500-3000}; album {Picsou|Mickey} magazine; petit format BD {Zembla|Blek|Akim}
    BD érotique adulte; BD western tome {1-20}; roman-photo {1960-1985}; shojo manga tome {1-20}
    seinen manga; intégrale BD {@universes}; revue littéraire {1920-1980}; magazine presse people
    programme télé`,
  ),
  details: phrases(
    `n° {1-500}; numéro {1-900}; tome {1-40}; {janvier|février|avril|juin|septembre|novembre} {1955-2015}
    hors-série; année {1930-2005}; édition originale; revue; magazine; BD; VF`,
  ),
  brands: phrases(
    `Le Courrier Illustré; Bulle Press; Planète Revue; Éditions Phylactère; Hebdo Loisirs; Kaze-Ami`,
  ),
  sentences: phrases(
    `Au sommaire de ce numéro : dossier {mode|cuisine|cinéma|histoire}, reportages et jeux.
    Magazine de {40-180} pages, agrafé.; Revue en bon état, quelques traces de lecture.
    Bande dessinée cartonnée de {46-62} planches en couleur.
    Manga en version française, sens de lecture japonais.; Journal d'époque complet, pliures d'usage.
    Couverture de {1955-2015}.`,
  ),
};
