import {randomBytes, randomInt} from 'node:crypto';
import {stopContainer, clearPassing} from '../../docker/containers.js';
import {imageNamed, tagged} from '../../docker/images.js';
import {NotModelled, type Container, type Shown} from '../../state.js';
import {
	options, notModelled, type Answer, type Call, type Said,
} from '../command.js';
import {runInside} from './inside.js';
import {policyIn, starts, unknownPolicy} from './lifecycle.js';

/** `docker run`: a container from an image, with what it shows and where. */
const flags = ['-d', '--detach', '--rm', '-i', '--interactive', '-t', '--tty', '--init'];
const values = ['--name', '-p', '--publish', '--network', '--net', '--restart', '-e', '--env', '-v', '--volume', '-m', '--memory', '--pull'];

/** Splits what is for Docker from what is for the container: after the image everything is. */
const parted = (args: readonly string[]): readonly [readonly string[], readonly string[]] => {
	let at = 0;
	while (at < args.length && args[at]!.startsWith('-')) {
		at += values.includes(args[at]!) ? 2 : 1;
	}

	return [args.slice(0, at), args.slice(at)];
};

/** `[ADDRESS:]PORT:INSIDE[/PROTOCOL]`; a sentence where Docker refuses it. */
const shownIn = (text: string): Shown | string => {
	const {address = '0.0.0.0', port, inside, protocol = 'tcp'} = /^(?:(?<address>\d+(?:\.\d+){3}):)?(?<port>\d+):(?<inside>\d+)(?:\/(?<protocol>tcp|udp))?$/v.exec(text)?.groups ?? {};
	if (port === undefined || inside === undefined) {
		throw new NotModelled(`the port ${text}`, 'It can publish a port as in -p 8080:80 or -p 127.0.0.1:8080:80.');
	}

	if (Number(port) > 65_535 || Number(inside) > 65_535) {
		return Number(port) > 65_535 ? `Invalid hostPort: ${port}.` : `Invalid containerPort: ${inside}.`;
	}

	return {
		protocol: protocol as Shown['protocol'], address, port: Number(port), inside: Number(inside),
	};
};

const [kinds, beings] = [['bright', 'calm', 'early', 'happy', 'quiet', 'steady', 'swift', 'warm'], ['badger', 'finch', 'heron', 'lark', 'otter', 'robin', 'swan', 'wren']] as const;
const someName = (taken: readonly string[]): string => {
	const name = `${kinds[randomInt(kinds.length)]}_${beings[randomInt(beings.length)]}`;
	return taken.includes(name) ? `${name}${taken.length}` : name;
};

/** How the client ends where the daemon refuses. */
const refused = (why: string): Answer => ({code: 125, said: [{stream: 'err', text: `docker: ${why}\nSee 'docker run --help'.\n`}]});
const fromDaemon = 'Error response from daemon: ';

/** Whether the container's program stays, or ends at once. */
const endsWith = (image: string, env: readonly string[], argv: readonly string[]): number | undefined => {
	const {listens, wants} = imageNamed(image);
	if (wants && !env.some(one => wants.test(one))) {
		return 1;
	}

	const stays = argv.length > 0 ? argv[0] === 'sleep' : listens.length > 0;
	return stays ? undefined : 0;
};

const fetched = ({droplet}: Call, image: string): readonly Said[] => {
	const docker = droplet.docker!;
	const name = tagged(image);
	if (docker.images.includes(name)) {
		return [];
	}

	docker.images.push(name);
	return [{stream: 'err', text: `Unable to find image '${name}' locally\n${name.split(':')[1]}: Pulling from ${name.includes('/') ? '' : 'library/'}${name.split(':')[0]}\nStatus: Downloaded newer image for ${name}\n`}];
};

/** What was asked for. */
type Wanted = Pick<Container, 'name' | 'image' | 'network' | 'shown' | 'restart' | 'passing'> & {readonly argv: readonly string[]; readonly env: readonly string[]; readonly isBehind: boolean};

/** Reads the words; an answer where Docker refuses them. */
const wantedIn = (call: Call): Wanted | Answer => {
	const [forDocker, [image = '', ...argv]] = parted(call.args);
	const {has, value, all} = options({...call, args: forDocker}, flags, values);
	if (image === '') {
		return notModelled(call);
	}

	const restart = policyIn(value('--restart') ?? 'no');
	if (restart === undefined) {
		return refused(`${fromDaemon}${unknownPolicy(value('--restart')!)}`);
	}

	const name = value('--name');
	if (name !== undefined && !/^[a-zA-Z0-9][\w.\-]+$/v.test(name)) {
		return refused(`${fromDaemon}Invalid container name (${name}), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed.`);
	}

	const shown = [...all('-p'), ...all('--publish')].map(text => shownIn(text));
	const invalid = shown.find(one => typeof one === 'string');
	return typeof invalid === 'string'
		? refused(invalid)
		: {
			name: name ?? someName(call.droplet.docker!.containers.map(one => one.name)), image, network: value('--network', '--net') ?? 'bridge', shown: shown as Shown[], restart, argv, env: [...all('-e'), ...all('--env')], isBehind: has('-d', '--detach'), passing: has('--rm'),
		};
};

const created = ({now}: Call, {argv, name, image, network, shown, restart, passing}: Wanted): Container => {
	const {command, listens} = imageNamed(image);
	return {
		id: randomBytes(32).toString('hex'), name, image, network, shown, restart, passing, command: argv.length > 0 ? argv.join(' ') : command, listens: argv.length > 0 ? [] : [...listens], state: 'created', stopped: false, code: 0, proxies: [], createdAt: now, changedAt: now,
	};
};

export const runImage = (call: Call): Answer => {
	const wanted = wantedIn(call);
	if (!('image' in wanted)) {
		return wanted;
	}

	const {name, image, network, argv, env, isBehind} = wanted;
	const code = endsWith(image, env, argv);
	if (!isBehind && code === undefined) {
		throw new NotModelled('a container that keeps this window', 'With -d it runs in the background: docker run -d …');
	}

	if (['host', 'none'].includes(network)) {
		throw new NotModelled(`the network ${network}`, 'It knows networks that were made with docker network create.');
	}

	const {droplet, now} = call;
	const {containers} = droplet.docker!;
	const other = containers.find(one => one.name === name);
	if (other) {
		return refused(`${fromDaemon}Conflict. The container name "/${name}" is already in use by container "${other.id}". You have to remove (or rename) that container to be able to reuse that name.`);
	}

	const pulled = fetched(call, image);
	const container = created(call, wanted);
	containers.push(container);
	const why = starts(call, container);
	const id: readonly Said[] = isBehind ? [{stream: 'out', text: `${container.id}\n`}] : [];
	if (why !== undefined) {
		return {code: 125, said: [...pulled, ...id, {stream: 'err', text: `docker: ${fromDaemon}${why}\n`}]};
	}

	const answer: Answer = isBehind ? {code: 0, said: []} : argv.length > 0 ? runInside(call, container, argv) : {code: code!, said: [{stream: 'out', text: imageNamed(image).says ?? ''}]};
	if (code !== undefined) {
		stopContainer(droplet, container, now, {byHand: false, code: isBehind ? code : answer.code});
		clearPassing(droplet);
	}

	return {...answer, said: [...pulled, ...id, ...answer.said], seconds: (pulled.length > 0 ? 4 : 0.5) + (answer.seconds ?? 0)};
};
