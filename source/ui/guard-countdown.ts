import type {Event} from '../engine/events.js';

/** When the server puts everything back, in milliseconds since the epoch by this computer's clock, after one more event. Undefined where no guard is armed. `now` in milliseconds since the epoch. */
export const deadlineAfter = (before: number | undefined, event: Event, now: number): number | undefined => {
	switch (event.event) {
		case 'armed': {
			return now + (event.seconds * 1000);
		}

		case 'deadline': {
			return now + (event.secondsLeft * 1000);
		}

		case 'confirmed':
		case 'reverted':
		case 'step-finished': {
			return undefined;
		}

		default: {
			return before;
		}
	}
};
