/** What runs on a practice droplet when a guard is armed, and what of that a revert did not bring back. */
import {
	carriedOwnerOf,
	contentOf,
	entryOf,
	sha256,
} from './file-tree.js';
import {listening} from './listening.js';
import type {
	Droplet,
	Guard,
	KeptFile,
	Machine,
} from './state.js';

/** Services that run. */
export const runningServices = ({services}: Droplet): string[] => Object.entries(services).flatMap(([name, {state}]) => (state === 'running' ? [name] : []));

/** Whether something listens on a TCP port. */
export const listens = (droplet: Droplet, port: number): boolean => listening(droplet).some(socket => socket.protocol === 'tcp' && socket.port === port);

const standsAs = (machine: Machine, kept: KeptFile): boolean => {
	const entry = entryOf(machine.droplet, kept.path);
	const content = contentOf(machine, kept.path);
	if (kept.sha256 === 'absent' || entry === undefined || content === undefined) {
		return kept.sha256 === 'absent' && entry === undefined;
	}

	const {mode, owner} = kept as Exclude<KeptFile, {sha256: 'absent'}>;
	return sha256(content) === kept.sha256 && entry.mode === mode && carriedOwnerOf(machine.droplet, entry) === owner;
};

/** What is not as it was when the guard was armed. After a boot files alone are: services start from them. */
export const amissAfter = (machine: Machine, {waysBack, running: ran, port, why}: Guard): string[] => {
	const {droplet} = machine;
	const first = new Map(waysBack.flatMap(({kept}) => kept).toReversed().map(kept => [kept.path, kept]));
	const files = [...first.values()].filter(kept => !standsAs(machine, kept)).map(({path}) => `the file ${path}`);
	if (why === 'boot') {
		return files;
	}

	const words = new Set(waysBack.flatMap(({undo, again}) => [...undo, ...again ? [again.argv] : []]).flat());
	const now = new Set(runningServices(droplet));
	const unit = (name: string): string => (droplet.level === 'ubuntu-14.04' ? name : `${name}.service`);
	return [
		...files,
		...ran.filter(name => !now.has(name) && (name === 'ssh' || words.has(name))).map(name => `${unit(name)}, which ran and runs no more`),
		...port !== undefined && !listens(droplet, port) ? [`port ${port}, where SSH listened and nothing does now`] : [],
	];
};
