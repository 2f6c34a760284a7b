import { FavouriteResolver } from './favourite.resolver';

export const favourites = { resolvers: [FavouriteResolver] };
