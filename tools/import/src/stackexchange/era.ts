/**
 * What an upvote on a question earned. Stack Exchange raised it from 5 to 10 on 2019-11-13 and recalculated
 * everyone's past with it, so all of a dump has the value of the day the dump was made.
 * https://stackoverflow.blog/2019/11/13/were-rewarding-the-question-askers/
 */
export const questionUpvoteAt = (lastEventAt: string): 5 | 10 =>
  lastEventAt < '2019-11-13' ? 5 : 10;
