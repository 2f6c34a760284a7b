export interface Interactions {
  readonly clicks: number;
  readonly comments: number;
  readonly shares: number;
}

export type OperatingAdvice = 'reward-comments-and-shares' | 'raise-content-quality' | 'mix';

/**
 * The seed's rule (S1): who clicks more than they comment, and comment more than they share, want a reason to speak
 * up; who comment more than anything want better content to speak about; all else wants a mix of both.
 */
export const operatingAdvice = ({ clicks, comments, shares }: Interactions): OperatingAdvice => {
  if (clicks > comments && comments > shares) return 'reward-comments-and-shares';
  if (comments > clicks && comments > shares) return 'raise-content-quality';
  return 'mix';
};
