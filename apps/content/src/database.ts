import { HeldPrivileges1750000246000 } from './migrations/1750000246000-held-privileges';
import { ImportProgress1750000900000, type AppDatabase } from '@lyceum/platform';
import { Answer } from './answers/answer.entity';
import { Article } from './articles/article.entity';
import { Bounty } from './bounties/bounty.entity';
import { Comment } from './comments/comment.entity';
import { KnownCommunity } from './communities/known-community.entity';
import { Membership } from './communities/membership.entity';
import { Exposure1750000242000 } from './migrations/1750000242000-exposure';
import { Ratings1750000244000 } from './migrations/1750000244000-ratings';
import { Favourite } from './favourites/favourite.entity';
import { IdempotencyKey } from './idempotency/idempotency-key.entity';
import { PostLink } from './links/post-link.entity';
import { ContentTables1750000200000 } from './migrations/1750000200000-content-tables';
import { QuestionSearch1750000201000 } from './migrations/1750000201000-question-search';
import { Charters1750000210000 } from './migrations/1750000210000-charters';
import { LiveViews1750000220000 } from './migrations/1750000220000-live-views';
import { Paywall1750000225000 } from './migrations/1750000225000-paywall';
import { WithheldPrivileges1750000240000 } from './migrations/1750000240000-withheld-privileges';
import { AccountsOnRecord1750000241000 } from './migrations/1750000241000-accounts-on-record';
import { TellOfPaidArticles1750000249000 } from './migrations/1750000249000-tell-of-paid-articles';
import { CommunityVersions1750000243000 } from './migrations/1750000243000-community-versions';
import { Question } from './questions/question.entity';
import { Revision } from './revisions/revision.entity';
import { EditSuggestion } from './suggestions/edit-suggestion.entity';
import { QuestionTag } from './tags/question-tag.entity';
import { Tag } from './tags/tag.entity';
import { Vote } from './votes/vote.entity';

export const database: AppDatabase = {
  entities: [
    KnownCommunity,
    Membership,
    Question,
    Answer,
    Article,
    Comment,
    Vote,
    Favourite,
    Tag,
    QuestionTag,
    Bounty,
    PostLink,
    Revision,
    EditSuggestion,
    IdempotencyKey,
  ],
  migrations: [
    ContentTables1750000200000,
    QuestionSearch1750000201000,
    Charters1750000210000,
    LiveViews1750000220000,
    Paywall1750000225000,
    WithheldPrivileges1750000240000,
    AccountsOnRecord1750000241000,
    Exposure1750000242000,
    Ratings1750000244000,
    HeldPrivileges1750000246000,
    CommunityVersions1750000243000,
    TellOfPaidArticles1750000249000,
    ImportProgress1750000900000,
  ],
};
