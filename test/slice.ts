/**
Tests that try every moment, every screen or every one of a thousand take minutes. `npm test` tries a slice of them, always the same one; `npm run test:lab -- every-moment` tries all.
*/
import process from 'node:process';

const isWhole = process.env.DROPWISE_EVERY_MOMENT === '1';

/** Every `stride`th of them, from the first on. */
export const sliceOf = <T>(all: readonly T[], stride: number): readonly T[] => all.filter((_, index) => isWhole || index % stride === 0);
