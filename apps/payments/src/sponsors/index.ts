import { CommunitySponsorResolver, SponsorResolver } from './sponsor.resolver';
import { InvalidSponsor, NotSponsoring, SponsorNotFound } from './sponsor.type';

export const sponsors = {
  resolvers: [SponsorResolver, CommunitySponsorResolver],
  types: [SponsorNotFound, NotSponsoring, InvalidSponsor],
};
