import { SeatGiven, SeatOffer } from './give-seat';
import { NoSeatLeft, SeatPackNotFound } from './seat-pack.type';
import { SeatTerms } from './seat-terms';
import { ProductSeatsResolver, SeatPackResolver, SeatResolver } from './seats.resolver';

export const seats = {
  resolvers: [SeatPackResolver, SeatResolver, ProductSeatsResolver],
  types: [SeatGiven, SeatOffer, SeatTerms, NoSeatLeft, SeatPackNotFound],
};
