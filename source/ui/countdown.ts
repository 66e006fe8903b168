/** Seconds that a person watches. Pure. */
import type {RunState} from './run-state.js';

/** Whole seconds until the server puts everything back; undefined where it will not. `now` in milliseconds since the epoch. */
export const secondsLeft = ({deadline}: Pick<RunState, 'deadline'>, now: number): number | undefined => deadline === undefined ? undefined : Math.max(0, Math.round((deadline - now) / 1000));

/** Whole seconds that the current step has taken. `now` in milliseconds since the epoch. */
export const secondsTaken = ({clock: {before, since}}: Pick<RunState, 'clock'>, now: number): number => Math.max(0, Math.round((before + (since === undefined ? 0 : now - since)) / 1000));
