import { isId, type AccountId } from '@lyceum/contracts';
import { load, PageArgs, toConnection, type Connection, type Ctx } from '@lyceum/platform';
import {
  Arg,
  Args,
  Authorized,
  Ctx as Context,
  FieldResolver,
  ID,
  Mutation,
  Query,
  Resolver,
  Root,
} from 'type-graphql';
import type { Member } from '../memberships/member.entity';
import { MemberConnection, memberPosition } from '../memberships/member-connection';
import { membershipsOfAccounts } from '../memberships/member.queries';
import { pageByTime, pageKey } from '../pages';
import { Account } from './account.entity';
import { accountByHandle, accountsById } from './account.queries';
import { login, LoginInput, LoginResult, type LoginOutcome } from './login';
import { updateProfile, UpdateProfileInput } from './update-profile';
import { register, RegisterInput, RegisterResult, type RegisterOutcome } from './register';

@Resolver(() => Account)
export class AccountResolver {
  @Query(() => Account, { nullable: true, description: 'The account that asks; null for nobody.' })
  me(@Context() ctx: Ctx): Promise<Account | null> | null {
    return ctx.actor.kind === 'user' ? load(ctx, accountsById, ctx.actor.accountId) : null;
  }

  @Query(() => Account, { nullable: true, description: 'The same as `me`.' })
  viewer(@Context() ctx: Ctx): Promise<Account | null> | null {
    return this.me(ctx);
  }

  @Query(() => Account, { nullable: true, description: 'By its id, or else by its handle.' })
  async account(
    @Context() ctx: Ctx,
    @Arg('id', () => ID, { nullable: true }) id?: AccountId | null,
    @Arg('handle', () => String, { nullable: true }) handle?: string | null,
  ): Promise<Account | null> {
    if (id != null) return isId(id) ? load(ctx, accountsById, id) : null;
    return handle == null ? null : accountByHandle(ctx.db, handle);
  }

  @FieldResolver(() => String, { nullable: true, description: 'Seen by the account itself alone.' })
  email(@Context() ctx: Ctx, @Root() account: Account): string | null {
    return ctx.actor.kind === 'user' && ctx.actor.accountId === account.id ? account.email : null;
  }

  @FieldResolver(() => MemberConnection, {
    description: 'Active memberships, the oldest first, of communities that the viewer can see.',
  })
  async memberships(
    @Context() ctx: Ctx,
    @Root() account: Account,
    @Args(() => PageArgs) page: PageArgs,
  ): Promise<Connection<Member>> {
    const list = 'account.memberships';
    const parsed = pageByTime(list, page);
    const members = await load(ctx, membershipsOfAccounts, pageKey(account.id, parsed));
    return toConnection(members ?? [], { list, first: parsed.first, positionOf: memberPosition });
  }

  @Mutation(() => RegisterResult, { description: 'Makes an account, and logs it in.' })
  register(
    @Context() ctx: Ctx,
    @Arg('input', () => RegisterInput) input: RegisterInput,
  ): Promise<RegisterOutcome> {
    return register(ctx, input);
  }

  @Mutation(() => LoginResult, {
    description: 'With a handle or an e-mail address, and the password.',
  })
  login(
    @Context() ctx: Ctx,
    @Arg('input', () => LoginInput) input: LoginInput,
  ): Promise<LoginOutcome> {
    return login(ctx, input);
  }

  @Authorized()
  @Mutation(() => Account, { description: 'Changes what the caller shows of itself.' })
  updateProfile(
    @Context() ctx: Ctx,
    @Arg('input', () => UpdateProfileInput) input: UpdateProfileInput,
  ): Promise<Account> {
    return updateProfile(ctx, input);
  }
}
