/** What the outside sees of ports, and what may be concluded from it. */
import {spoken} from '../facts/addresses.js';
import type {Dialled, Family, Outside} from '../step.js';

export type Seen = {readonly port: 'open' | 'closed'} | {readonly unknown: string};

/**
What one answer means. Silence proves that a port is closed only if another port of the same address answered in the same seconds, be it with a refusal: otherwise our own network may be what is silent.
*/
export const judgePort = (dialled: Dialled, controls: readonly Dialled[], family: Family): Seen => {
	switch (dialled) {
		case 'open': {
			return {port: 'open'};
		}

		case 'refused': {
			return {port: 'closed'};
		}

		case 'silent': {
			return controls.some(control => control === 'open' || control === 'refused') ? {port: 'closed'} : {unknown: `nothing at all answers over ${spoken[family]} from here`};
		}

		case 'unreachable': {
			return {unknown: `there is no way over ${spoken[family]} from here to this server`};
		}
	}
};

/** Ports that the firewall lets everybody in to, whether something listens there or not: what answers when anything does. */
const controlPorts = (sshPort: number): readonly number[] => [sshPort, 80, 443];

/** Dials a port and judges the answer by ports that should answer, if anything does. */
export const see = async (outside: Outside, family: Family, port: number, sshPort: number): Promise<Seen> => {
	if (outside.addresses[family] === undefined) {
		return {unknown: `this server has no ${spoken[family]} address that is known`};
	}

	const [dialled, ...controls] = await Promise.all([port, ...controlPorts(sshPort).filter(one => one !== port)].map(async one => outside.tcp(family, one)));
	return judgePort(dialled!, controls, family);
};
