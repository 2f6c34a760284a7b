import { z } from 'zod';

export const questionsOfQuiz = z
  .array(
    z.object({
      text: z.string().trim().min(1).max(2_000),
      choices: z.array(z.string().trim().min(1).max(500)).min(2).max(10),
      points: z.int().min(1).max(100),
    }),
  )
  .min(1)
  .max(100);

export interface Question {
  readonly choices: readonly string[];
  readonly points: number;
}

/** Of each question the numbers of choices, from 0. */
export type Choices = readonly (readonly number[])[];

/** Whether these can be answers, or the key: for each question choices that it has, each once. */
export const areChoices = (questions: readonly Question[], choices: Choices): boolean =>
  choices.length === questions.length &&
  choices.every(
    (chosen, index) =>
      new Set(chosen).size === chosen.length &&
      chosen.every(
        (choice) =>
          Number.isInteger(choice) &&
          choice >= 0 &&
          choice < (questions[index]?.choices.length ?? 0),
      ),
  );

/** A question is right when exactly the right choices were chosen: nothing is gained by choosing all. */
export const scoreQuiz = (
  questions: readonly Question[],
  { key, answers }: { readonly key: Choices; readonly answers: Choices },
): { readonly got: number; readonly of: number } => {
  const isRight = (index: number): boolean => {
    const right = new Set(key[index]);
    const chosen = answers[index] ?? [];
    return chosen.length === right.size && chosen.every((choice) => right.has(choice));
  };
  const sumOf = (some: readonly Question[]) => some.reduce((sum, { points }) => sum + points, 0);
  return { got: sumOf(questions.filter((_, index) => isRight(index))), of: sumOf(questions) };
};
