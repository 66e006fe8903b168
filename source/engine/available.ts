import type {Step} from '../step.js';
import type {System} from '../systems.js';

/** Why steps cannot be had on a release yet, by id: for a reason of their own, or because they need a step that cannot. */
export const unavailableOn = (system: System, steps: readonly Step[]): ReadonlyMap<string, string> => {
	const reasons = new Map<string, string>();
	for (const {id, needs, unavailable} of steps) {
		const missing = steps.find(step => needs?.includes(step.id) && reasons.has(step.id));
		const reason = unavailable?.(system) ?? (missing && `This needs "${missing.title}", which is not there for ${system.name} yet.`);
		if (reason !== undefined) {
			reasons.set(id, reason);
		}
	}

	return reasons;
};
