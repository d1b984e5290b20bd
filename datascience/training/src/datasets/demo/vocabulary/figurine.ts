import type { DemoCategory } from '../demo-category.js';
import { phrases } from '../phrase-grammar.js';

export const figurine: DemoCategory = {
  id: 1140,
  label: 'Figurine et produits dérivés',
  neighbours: [1180, 1300, 1160],
  products: phrases(
    `figurine {@universes} {10-30} cm; figurine pop {@universes} n° {1-900}
    statuette {@universes} résine; porte-clés {@universes}; mug {@universes}; tasse {@universes}
    t-shirt {@universes} {enfant|homme|femme}; peluche {@universes} {20-50} cm
    figurine articulée {@universes}; figurine manga {@universes} PVC
    figurine de collection {@universes}; buste {@universes}; lampe {@universes} veilleuse
    coussin {@universes}; poster {@universes} {61x91|A3}; affiche film {@universes}; badge {@universes}
    pins {@universes}; sac à dos {@universes}; casquette {@universes}; bonnet {@universes}
    chaussettes {@universes}; écharpe {@universes}; tirelire {@universes}; réveil {@universes}
    montre {@universes}; réplique {@universes} {épée|baguette|casque}; coque téléphone {@universes}
    tapis de souris {@universes}; carnet {@universes}; gourde {@universes}; boîte à bijoux {@universes}
    nendoroid {@universes}; action figure {@universes} {15|18} cm
    figurine Schtroumpf {musicien|sportif}; figurine vintage {1977-1995} {@universes}
    figurine gashapon {@universes}; boule à neige {@universes}; collier {@universes} pendentif
    bague {@universes}; bracelet {@universes}; décapsuleur {@universes}; plaque métal {@universes}
    sticker mural {@universes}; figurine géante {@universes}; figurine bobble head {@universes}
    funko {@universes} exclusive; diorama {@universes}; magnet {@universes}; trousse {@universes}
    parapluie {@universes}`,
  ),
  details: phrases(
    `{8-35} cm; PVC; produit officiel; sous licence; résine; édition limitée; articulée; avec socle
    série {1-9}; collector; n° {1-500}; neuf en boîte`,
  ),
  brands: phrases(`Héroïka; Banpopo; Statua; Fan d'Or; Kawaido; Iron Toys`),
  sentences: phrases(
    `Figurine {@universes} en PVC, hauteur {8-35} cm, avec socle.
    Produit officiel sous licence {@universes}.; Pièce indispensable pour les fans et collectionneurs.
    Finition peinte à la main.; Livrée dans sa boîte fenêtre.; Personnage issu de la série {@universes}.
    {3-20} points d'articulation et accessoires.`,
  ),
};
