import {
	notModelled, options, says, type Answer, type Call,
} from '../command.js';
import type {Container} from '../../state.js';
import {startOfId} from './about.js';
import {
	inFormat, lasting, quick, table,
} from './table.js';

/** `docker ps`: containers, the latest first. */
const longest = 20;
const cut = (text: string): string => (text.length > longest ? `${text.slice(0, longest - 1)}…` : text);

/** Over IPv4 and over IPv6, as 26.1 writes them (L). */
const shownIn = ({listens, shown, state}: Container): string => {
	if (state !== 'running') {
		return '';
	}

	const lines = shown.toSorted((a, b) => a.port - b.port).flatMap(({protocol, address, port, inside}) => [address, ...(address === '0.0.0.0' ? ['::'] : [])].map(at => `${at}:${port}->${inside}/${protocol}`));
	// What its image says it listens on, and nobody shows.
	const others = listens.filter(port => !shown.some(({inside}) => inside === port)).map(port => `${port}/tcp`);
	return [...lines, ...others].join(', ');
};

const statusOf = ({state, code, changedAt}: Container, now: number): string => {
	const age = lasting(now - changedAt);
	return {created: 'Created', running: `Up ${age}`, exited: `Exited (${code}) ${age} ago`}[state];
};

const fieldsOf = (container: Container, now: number): Readonly<Record<string, string>> => ({
	ID: startOfId(container.id), Names: container.name, Image: container.image, Command: `"${cut(container.command)}"`, RunningFor: `${lasting(now - container.createdAt)} ago`, Status: statusOf(container, now), Ports: shownIn(container), State: container.state, Networks: container.network,
});

export const ps = (call: Call): Answer => {
	const {value, has, rest} = options(call, ['-q', '--quiet', '-a', '--all', '--no-trunc', '-n', '-l'], ['--format']);
	if (rest.length > 0 || has('--no-trunc', '-n', '-l')) {
		return notModelled(call);
	}

	const all = call.droplet.docker!.containers.filter(({state}) => has('-a', '--all') || state === 'running').toReversed();
	if (has('-q', '--quiet')) {
		return says(all.map(({id}) => `${startOfId(id)}\n`).join(''), quick);
	}

	const format = value('--format');
	const rows = all.map(one => fieldsOf(one, call.now));
	return format === undefined
		? says(table([
			['CONTAINER ID', 'IMAGE', 'COMMAND', 'CREATED', 'STATUS', 'PORTS', 'NAMES'],
			...rows.map(one => ['ID', 'Image', 'Command', 'RunningFor', 'Status', 'Ports', 'Names'].map(name => one[name]!)),
		]), quick)
		: inFormat(call, format, rows);
};
