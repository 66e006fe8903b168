/** Exit codes of a run. */
export const exitCodes = {
	holds: 0, doesNotHold: 1, usage: 2, cannotConnect: 3, held: 4, interrupted: 130,
} as const;
