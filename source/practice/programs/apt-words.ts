/* eslint-disable unicorn/prefer-https -- what a server's files say stays as it is */
import type {Machine} from '../state.js';

/** What apt says again and again. */
export const archive = ({droplet}: Machine): {url: string; suite: string} => droplet.level === 'ubuntu-14.04'
	? {url: 'http://archive.ubuntu.com/ubuntu/', suite: 'trusty'}
	: {url: 'http://mirror.example.net/debian/', suite: 'trixie'};

export const opening = 'Reading package lists...\nBuilding dependency tree...\nReading state information...\n';

/** Names in lines, each set in by two spaces. */
export const wrapped = (names: readonly string[]): string => {
	const lines = [''];
	for (const name of names) {
		const last = lines.pop()!;
		lines.push(...(last.length + name.length > 76 ? [last, ` ${name}`] : [`${last} ${name}`]));
	}

	return lines.map(line => ` ${line}\n`).join('');
};
