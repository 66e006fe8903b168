import type {ServerInfo} from '../step.js';
import {cleanLine} from './clean.js';
import {memory} from './words.js';

/** Below this, building or running containers ends in the kernel stopping programs. */
const tightMiB = 900;

const months = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'];
const spoken = (month: string): string => `${months[Number(month.slice(5)) - 1] ?? ''} ${month.slice(0, 4)}`.trim();

/** What a person should know of a server before anything is done to it. */
export const surveyLines = ({system, memoryMiB}: ServerInfo, today: Date): readonly string[] => {
	const month = today.toISOString().slice(0, 7);
	const inAYear = `${today.getUTCFullYear() + 1}${month.slice(4)}`;
	const name = cleanLine(system.name);
	return [
		...(system.endOfLife < month
			? [`${name} gets no free security updates since ${spoken(system.endOfLife)}: holes found after that stay open. What is set up here helps, and a newer system helps more.`]
			: (system.endOfLife < inAYear ? [`${name} gets free security updates until ${spoken(system.endOfLife)}: plan to move to a newer one before that.`] : [])),
		...(system.takenFor === undefined ? [] : [`${name} is not in dropwise's table: it is treated like ${system.takenFor}, and nothing was proven on it.`]),
		...(memoryMiB < tightMiB ? [`It has ${memory(memoryMiB)} of memory: enough for this, short for containers.`] : []),
	];
};
