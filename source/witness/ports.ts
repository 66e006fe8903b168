/** What the outside sees of ports, and what may be concluded from it. */
import type {Dialled, Family, Outside} from '../step.js';

export type Seen = {readonly port: 'open' | 'closed'} | {readonly unknown: string};

/**
What one answer means. Silence proves that a port is closed only if another port of the same address answered in the same seconds: otherwise our own network may be what is silent.
*/
export const judge = (dialled: Dialled, control: Dialled, family: Family): Seen => {
	const reaches = control === 'open' || control === 'refused';
	switch (dialled) {
		case 'open': {
			return {port: 'open'};
		}

		case 'refused': {
			return {port: 'closed'};
		}

		case 'silent': {
			return reaches ? {port: 'closed'} : {unknown: `nothing at all answers over ${spoken[family]} from here`};
		}

		case 'unreachable': {
			return {unknown: `there is no way over ${spoken[family]} from here to this server`};
		}
	}
};

export const spoken: Readonly<Record<Family, string>> = {v4: 'IPv4', v6: 'IPv6'};

/** Dials a port and judges the answer by a control port that should be open. */
export const see = async (outside: Outside, family: Family, port: number, control: number): Promise<Seen> => {
	if (outside.addresses[family] === undefined) {
		return {unknown: `this server has no ${spoken[family]} address that is known`};
	}

	const [dialled, other] = await Promise.all([outside.tcp(family, port), outside.tcp(family, control)]);
	return judge(dialled, other, family);
};
