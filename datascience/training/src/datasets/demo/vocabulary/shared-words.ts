import { phrases } from '../phrase-grammar.js';

/** Lists that any category's phrases may name. */
export const sharedWords = {
  colours: phrases(
    `noir; blanc; rouge; bleu; vert; jaune; rose; gris; marron; beige; orange; violet; turquoise; doré
    argenté; bleu marine; gris anthracite; vert olive; multicolore; bordeaux`,
  ),
  titles: phrases(
    `Le Petit Prince; Les Misérables; Madame Bovary; Germinal; Notre-Dame de Paris; L'Étranger; Candide
    Bel-Ami; Le Rouge et le Noir; Les Fleurs du mal; Vingt mille lieues sous les mers
    Le Comte de Monte-Cristo; La Peste; Les Trois Mousquetaires; Le Tour du monde en quatre-vingts jours
    Au Bonheur des Dames; Eugénie Grandet; L'Île mystérieuse; Le Père Goriot; Cyrano de Bergerac
    Le Malade imaginaire; Les Contes de Perrault; Fables; Voyage au centre de la Terre; La Bête humaine
    Une vie; Le Horla; Nana; L'Assommoir; Poil de carotte; La Maison du lac; Le Silence des pierres
    Un été en Bretagne; Les Ombres du port; L'Enfant de la rivière; Histoire de la Révolution française
    Les Secrets de la cathédrale; Dernier train pour Lisbonne; La Fille du boulanger
    Mémoires d'un jardinier; Le Dernier Phare; Histoire de la philosophie; La Vie des abeilles
    Chroniques de la guerre; Le Voyage d'Émile; Cuisine de nos grands-mères`,
  ),
  authors: phrases(
    `Victor Hugo; Émile Zola; Jules Verne; Antoine de Saint-Exupéry; Honoré de Balzac; Gustave Flaubert
    Stendhal; Alexandre Dumas; Guy de Maupassant; Albert Camus; Charles Baudelaire; Molière; Voltaire
    George Sand; Colette; Marcel Proust; Jean de La Fontaine; Edmond Rostand; Jules Renard
    Claire Vasseur; Henri Delmont; Anne Lerivage; Paul Castelnau; Marie Tremblay; Louis Garance
    Sophie Arnoult; Étienne Morvan; Jeanne Quillec`,
  ),
  games: phrases(
    `FIFA {15-23}; Mario Kart; Super Mario; The Legend of Zelda; Call of Duty; Assassin's Creed
    Les Sims {2-4}; Gran Turismo; Final Fantasy; Minecraft; Tomb Raider; Sonic; Need for Speed
    Resident Evil; Tekken; Rayman; Pokémon {Diamant|Perle|Rouge|Bleu|Soleil|Épée}; Just Dance
    Metal Gear Solid; Street Fighter; Donkey Kong; Battlefield; Far Cry; Dragon Quest; Forza Horizon
    Lego City; Monster Hunter; Crash Bandicoot; Kirby; Grand Theft Auto; Football Manager
    Age of Empires; World of Warcraft; Diablo; Starcraft; Civilization`,
  ),
  consoles: phrases(
    `PlayStation {1-5}; PS{2-5}; Xbox 360; Xbox One; Xbox Series X; Nintendo Switch; Wii; Wii U
    Nintendo DS; 3DS; Game Boy; Game Boy Advance; GameCube; Nintendo 64; Super Nintendo; NES; Megadrive
    Dreamcast; PSP; PS Vita`,
  ),
  universes: phrases(
    `Star Wars; Harry Potter; Pokémon; Dragon Ball Z; Naruto; One Piece; Marvel; Avengers; Batman
    Spiderman; Disney; La Reine des neiges; Le Seigneur des anneaux; Game of Thrones; Walking Dead
    Zelda; Hello Kitty; My Hero Academia; Astérix; Tintin; Goldorak; Les Schtroumpfs; Alien
    Jurassic Park; Minecraft; Fortnite`,
  ),
  states: phrases(
    `neuf; comme neuf; occasion; bon état; très bon état; neuf sous blister; état correct; reconditionné`,
  ),
};

/** Designations that say nothing about the category: only a photo tells. */
export const vagueTitles = phrases(
  `Lot de {2-12} {articles|pièces}; {Article|Produit} neuf {en stock|jamais utilisé|dans son emballage}
  Idée cadeau {anniversaire|Noël|original|pas cher}; {Coffret|Ensemble|Set} complet {@colours}
  Modèle {@colours} {taille unique|petit modèle|grand modèle}; Nouveauté {2015-2021} livraison gratuite
  {Promo|Destockage|Vide-grenier} {@states}; Article {d'occasion|de collection} {bon état|à voir}
  Très belle pièce {@colours}; Réf {1000-9999} {@colours}; Série limitée n° {1-500}; Original et pratique {@colours}
  Cadeau {fille|garçon|adulte|maman|papa}; Accessoire {@colours} haute qualité; Pack de {2-6} {@colours}`,
);

/** Sentences that fit any product. */
export const vagueSentences = phrases(
  `Livraison rapide et soignée.; Article conforme à la description, envoi sous {24|48|72} h.; 100 % neuf et de haute qualité.
  Couleur : {@colours}.; Poids : environ {10-900} g.; Dimensions : {5-90} x {5-90} x {2-40} cm.
  N'hésitez pas à nous contacter pour toute question.; Veuillez tolérer un léger écart de mesure de 1 à 3 cm.
  Idéal pour offrir à vos proches.; Le colis contient : 1 pièce.; Garantie {1-3} ans.; Produit vendu à l'unité.
  En raison de l'éclairage, la couleur réelle peut différer légèrement de la photo.; Satisfait ou remboursé sous {14-30} jours.
  Expédié depuis la France dans un emballage protégé.; Qualité supérieure, utilisation quotidienne.; Facile à nettoyer.
  Photos non contractuelles.; Vendu par un professionnel, facture fournie.; Fabrication européenne.`,
);
