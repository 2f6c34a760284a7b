/** What can be commented on and edited. */
export type PostType = 'question' | 'answer' | 'article';

/** What can be voted on. */
export type VotableType = PostType | 'comment';
