/** A person's hands at the screens: keys, Enter alone, and what must be left of it when the program is gone. */
import process from 'node:process';
import {enter, type Journey} from './terminal.js';

/** Presses Enter at each new screen that has a mark, until the program ends. Returns how often. */
export const byEnterAlone = async (journey: Journey): Promise<number> => {
	let times = 0;
	while (await journey.seesAnotherOrEnd(/❯ /)) {
		times++;
		journey.press(enter);
	}

	return times;
};

/** Commands and paths are to be copied: they may be longer than a line, where they stand alone on it. */
export const standsAlone = (line: string): boolean => /^ *(?:ssh|npm|dropwise|nano|ufw|useradd|apt-get|systemctl|service|printf|~?\/)[^ ]*(?: [^ ]+)*$/.test(line);

/** What a step came to, which stands there until one goes on. */
export const verdictOn = (title: string): RegExp => new RegExp(String.raw`✔ ${title}[\s\S]*❯ Go on\s`);

export const gone = (pid: number): boolean => {
	try {
		process.kill(pid, 0);
		return false;
	} catch {
		return true;
	}
};

/** Modes of a terminal that are on from the start: its cursor is shown, and its lines wrap. */
const onAtFirst = new Set(['7', '25']);

/** Modes that a program switched, and did not switch back. */
export const leftModes = (raw: string): readonly string[] => {
	const modes = new Map<string, boolean>();
	for (const [, names = '', to] of raw.matchAll(/\u001B\[\?([\d;]+)([hl])/g)) {
		for (const name of names.split(';')) {
			modes.set(name, to === 'h');
		}
	}

	return [...modes].filter(([name, isOn]) => isOn !== onAtFirst.has(name)).map(([name, isOn]) => `${name} ${isOn ? 'on' : 'off'}`);
};

/** What a program must leave behind: every mode as it was, and the screen never wiped. */
export const clean = (raw: string): boolean => leftModes(raw).length === 0 && !/\u001B\[[23]J/.test(raw);
