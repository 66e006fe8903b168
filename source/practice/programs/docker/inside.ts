import {callFrom, resolve, whoAnswers} from '../../docker/calls.js';
import {containerNamed} from '../../docker/containers.js';
import {imageNamed} from '../../docker/images.js';
import {NotModelled, type Container} from '../../state.js';
import {
	fails, notModelled, options, says, type Answer, type Call,
} from '../command.js';

/** Commands that are run in a container: calls to others. */
type Called = {readonly host: string; readonly port: number};

const calledIn = (text: string): Called | undefined => {
	const {scheme, host, port} = /^(?:(?<scheme>https?):\/\/)?(?<host>[\w.\-]+)(?::(?<port>\d+))?(?:\/.*)?$/v.exec(text)?.groups ?? {};
	return host === undefined ? undefined : {host, port: Number(port ?? (scheme === 'https' ? 443 : 80))};
};

/** Nobody waits longer than this for an answer that does not come, in seconds. */
const patience = 20;

type Words = {readonly noName: (host: string) => Answer; readonly refused: (called: Called, address: string) => Answer; readonly silent: (called: Called, address: string, seconds: number | undefined) => Answer};

const speaking: Readonly<Record<'wget' | 'curl', Words>> = {
	wget: {
		noName: host => fails(1, `wget: bad address '${host}'\n`),
		refused: (_, address) => fails(1, `wget: can't connect to remote host (${address}): Connection refused\n`),
		silent: (_, address, seconds) => fails(1, seconds === undefined ? `wget: can't connect to remote host (${address}): Operation timed out\n` : 'wget: download timed out\n'),
	},
	curl: {
		noName: host => fails(6, `curl: (6) Could not resolve host: ${host}\n`),
		refused: ({host, port}) => fails(7, `curl: (7) Failed to connect to ${host} port ${port} after 0 ms: Could not connect to server\n`),
		silent: ({host, port}, _, seconds) => fails(28, seconds === undefined ? `curl: (28) Failed to connect to ${host} port ${port} after 134000 ms: Could not connect to server\n` : `curl: (28) Connection timed out after ${seconds * 1000} milliseconds\n`),
	},
};

/** A page, or why there is none. */
const calls = ({droplet}: Call, container: Container, tool: 'wget' | 'curl', called: Called, limit: number | undefined): Answer => {
	const words = speaking[tool];
	const address = resolve(droplet, container, called.host);
	if (address === undefined) {
		return {...words.noName(called.host), seconds: 5};
	}

	const reached = callFrom(droplet, container, address, called.port);
	if (reached === 'open') {
		return says(`<!doctype html><title>Practice</title>A page of the practice droplet: ${whoAnswers(droplet, container, address)} answered.\n`, 0.2);
	}

	return reached === 'refused' ? words.refused(called, address) : {...words.silent(called, address, limit), seconds: Math.min(limit ?? patience, patience)};
};

const seconds = (text: string | undefined): number | undefined => (text === undefined ? undefined : Number(text));

/** What comes of a command in a container that runs. Another than these is a gap, or not there. */
export const runInside = (call: Call, container: Container, argv: readonly string[]): Answer => {
	const [name = '', ...args] = argv;
	const {tools} = imageNamed(container.image);
	if (name !== 'wget' && name !== 'curl') {
		throw new NotModelled(`the command ${name} in a container`, 'In a container it can run wget or curl, where its image has them: alpine and busybox have wget, nginx has curl.');
	}

	if (!tools.includes(name)) {
		return fails(127, `OCI runtime exec failed: exec failed: unable to start container process: exec: "${name}": executable file not found in $PATH: unknown\n`);
	}

	// A value that stands right behind its letter stands apart for what reads them.
	const inner = {...call, name, args: args.flatMap(word => /^-q?O-$/v.test(word) ? ['-q', '-O', '-'] : [word])};
	const {value, has, rest} = name === 'wget' ? options(inner, ['-q', '-S', '--spider'], ['-O', '-T']) : options(inner, ['-s', '-S', '-f', '-L'], ['-m', '--max-time', '--connect-timeout']);
	const called = rest.length === 1 ? calledIn(rest[0]!) : undefined;
	if (!called || (name === 'wget' && value('-O') !== '-' && !has('--spider'))) {
		return notModelled(inner);
	}

	const answer = calls(call, container, name, called, seconds(value('-T', '-m', '--max-time', '--connect-timeout')));
	// curl told to be silent is so about what went wrong, too, unless -S has it say that.
	return name === 'curl' && has('-s') && !has('-S') ? {...answer, said: answer.said.filter(({stream}) => stream === 'out')} : answer;
};

export const exec = (call: Call): Answer => {
	// What comes after the container's name is the command's.
	const at = call.args.findIndex(word => !word.startsWith('-'));
	const [named = '', ...argv] = at === -1 ? [] : call.args.slice(at);
	if (at === -1 || argv.length === 0 || call.args.slice(0, at).some(word => !/^-[dit]+$/v.test(word))) {
		return notModelled(call);
	}

	const container = containerNamed(call.droplet.docker!, named);
	if (!container) {
		return fails(1, `Error response from daemon: No such container: ${named}\n`);
	}

	return container.state === 'running' ? runInside(call, container, argv) : fails(1, `Error response from daemon: container ${container.id} is not running\n`);
};
