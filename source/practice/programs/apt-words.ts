/* eslint-disable unicorn/prefer-https -- what a server's files say stays as it is */
import type {Machine} from '../state.js';
import type {Answer, Call, Said} from './command.js';

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

/** What apt does to one package: what it prints, and the words for it where it tells its progress. */
export type Deed = {readonly name: string; readonly says: string; readonly doing: string};

const out = (text: string): Said => ({stream: 'out', text});

/** An answer of apt's, with how far it is among it where it was asked to tell (`-o APT::Status-Fd=2`), file by file and deed by deed. */
export const tells = ({args}: Pick<Call, 'args'>, {head, files, fetched, deeds, seconds}: {readonly head: string; readonly files: readonly string[]; readonly fetched: string; readonly deeds: readonly Deed[]; readonly seconds: number}): Answer => {
	const asked = args.includes('APT::Status-Fd=2');
	const tell = (kind: string, item: string | number, share: number, says: string): readonly Said[] => asked ? [{stream: 'err', text: `${kind}:${item}:${(share * 100).toFixed(4)}:${says}\n`}] : [];
	return {
		code: 0,
		seconds,
		said: [
			out(head),
			...files.flatMap((file, index) => [...tell('dlstatus', index + 1, index / files.length, `Retrieving file ${index + 1} of ${files.length}`), out(file)]),
			...(files.length === 0 ? [] : tell('dlstatus', files.length, 1, `Retrieving file ${files.length} of ${files.length}`)),
			out(fetched),
			...(deeds.length === 0 ? [] : tell('pmstatus', 'dpkg-exec', 0, 'Running dpkg')),
			...deeds.flatMap(({name, says, doing}, index) => [...tell('pmstatus', name, index / deeds.length, `${doing} ${name} (amd64)`), out(says)]),
			...deeds.slice(-1).flatMap(({name}) => tell('pmstatus', name, 1, `Installed ${name} (amd64)`)),
		],
	};
};
