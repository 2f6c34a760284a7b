import {
  connectionType,
  load,
  PageArgs,
  Scopes,
  type Connection,
  type Ctx,
} from '@lyceum/platform';
import {
  Arg,
  Args,
  Authorized,
  Ctx as Context,
  FieldResolver,
  Mutation,
  Query,
  Resolver,
  Root,
} from 'type-graphql';
import { ProductKind } from '../catalogue/product-kind';
import { Product } from '../catalogue/product.entity';
import { productsById } from '../catalogue/product.queries';
import { Member } from '../communities/community.type';
import { visibleOrder } from '../orders/order.queries';
import { Order } from '../orders/order.type';
import { buySeats, BuySeatsInput, BuySeatsResult } from './buy-seats';
import {
  assignSeat,
  AssignSeatInput,
  offerSeat,
  OfferSeatInput,
  OfferSeatResult,
  reclaimSeat,
  ReclaimSeatInput,
  SeatResult,
  takeSeat,
  TakeSeatInput,
} from './give-seat';
import { packsOfViewer, Seat, SeatPack, seatsByPack } from './seat-pack.type';
import {
  SeatTerms,
  seatTermsOf,
  setSeatTerms,
  SetSeatTermsInput,
  SetSeatTermsResult,
} from './seat-terms';

const SeatPackConnection = connectionType('SeatPack', () => SeatPack);
type Result = Promise<typeof SeatResult>;

@Resolver(() => SeatPack)
export class SeatPackResolver {
  @Authorized()
  @Query(() => SeatPackConnection, {
    nullable: true,
    description: 'What the caller bought for others, newest first.',
  })
  viewerSeatPacks(
    @Context() ctx: Ctx,
    @Args(() => PageArgs) page: PageArgs,
  ): Promise<Connection<SeatPack>> {
    return packsOfViewer(ctx, page);
  }

  @Authorized()
  @Mutation(() => SetSeatTermsResult, { nullable: true })
  setSeatTerms(
    @Context() ctx: Ctx,
    @Arg('input', () => SetSeatTermsInput) input: SetSeatTermsInput,
  ): Promise<typeof SetSeatTermsResult> {
    return setSeatTerms(ctx, input);
  }

  @Authorized()
  @Scopes('money:write')
  @Mutation(() => BuySeatsResult, { nullable: true })
  buySeats(
    @Context() ctx: Ctx,
    @Arg('input', () => BuySeatsInput) input: BuySeatsInput,
  ): Promise<typeof BuySeatsResult> {
    return buySeats(ctx, input);
  }

  @Authorized()
  @Mutation(() => SeatResult, { nullable: true, description: 'By who bought the pack.' })
  assignSeat(
    @Context() ctx: Ctx,
    @Arg('input', () => AssignSeatInput) input: AssignSeatInput,
  ): Result {
    return assignSeat(ctx, input);
  }

  @Authorized()
  @Mutation(() => OfferSeatResult, {
    nullable: true,
    description: 'Makes a code for a free seat, by who bought the pack.',
  })
  offerSeat(
    @Context() ctx: Ctx,
    @Arg('input', () => OfferSeatInput) input: OfferSeatInput,
  ): Promise<typeof OfferSeatResult> {
    return offerSeat(ctx, input);
  }

  @Authorized()
  @Mutation(() => SeatResult, { nullable: true, description: 'By whoever has the code first.' })
  takeSeat(@Context() ctx: Ctx, @Arg('input', () => TakeSeatInput) input: TakeSeatInput): Result {
    return takeSeat(ctx, input);
  }

  @Authorized()
  @Mutation(() => SeatResult, { nullable: true, description: 'Ends its access at once.' })
  reclaimSeat(
    @Context() ctx: Ctx,
    @Arg('input', () => ReclaimSeatInput) input: ReclaimSeatInput,
  ): Result {
    return reclaimSeat(ctx, input);
  }

  @FieldResolver(() => [Seat], { description: 'By number.' })
  async places(@Root() { id }: SeatPack, @Context() ctx: Ctx): Promise<readonly Seat[]> {
    return (await load(ctx, seatsByPack, id)) ?? [];
  }

  @FieldResolver(() => Product, { nullable: true })
  product(@Root() { productId }: SeatPack, @Context() ctx: Ctx): Promise<Product | null> {
    return load(ctx, productsById, productId);
  }

  @FieldResolver(() => Order, { nullable: true })
  order(@Root() { orderId }: SeatPack, @Context() ctx: Ctx): Promise<Order | null> {
    return visibleOrder(ctx, orderId);
  }
}

@Resolver(() => Seat)
export class SeatResolver {
  @FieldResolver(() => Member, {
    nullable: true,
    description: 'Null while it is free, and for somebody from outside the community.',
  })
  holder(@Root() { holderMemberId }: Seat): Member | null {
    return holderMemberId === null ? null : { id: holderMemberId };
  }
}

@Resolver(() => Product)
export class ProductSeatsResolver {
  @FieldResolver(() => SeatTerms, { nullable: true, description: 'Of a pack of seats.' })
  seatTerms(@Root() { id, kind }: Product, @Context() ctx: Ctx): Promise<SeatTerms> | null {
    return kind === ProductKind.SEAT_PACK ? seatTermsOf(ctx.db, id) : null;
  }
}
