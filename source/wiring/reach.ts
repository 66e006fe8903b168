import type {House} from './house.js';
import {reachPractice} from './reach-practice.js';
import {reachSsh} from './reach-ssh.js';
import type {Reached} from './reached.js';
import type {Target} from './target.js';

/** Connects to a server: the one choice between practice and a real one. */
export const reach = async (house: House, target: Target): Promise<Reached> => {
	try {
		return await (target.kind === 'practice' ? reachPractice(house, target) : reachSsh(house, target));
	} finally {
		house.front.sink.live(undefined);
	}
};
