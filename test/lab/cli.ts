import process from 'node:process';
import {parseArgs} from 'node:util';
import {
	type Droplet,
	LabUnavailable,
	downAll,
	find,
	list,
	neighbour,
	requirements,
	up,
} from './lab.js';
import {type Release} from './record.js';
import {sweep} from './sweep.js';

const usage = `npm run lab -- COMMAND

  up RELEASE [--name N] [--kind vm] [--root-key] [--json]   boot a fresh droplet: bookworm, trixie, ubuntu-like
  neighbour [--name N] [--json]                             another host on the same network, to look from
  list [--json]
  exec NAME -- ARGV…                                        run inside, without SSH
  reboot NAME    cut NAME    start NAME                     cut: as if power were lost
  unplug NAME    plug NAME                                  its network
  without-ipv6 NAME    with-ipv6 NAME
  down NAME | --all
  sweep                                                     remove what a lab that was killed left behind
`;

class Usage extends Error {}

const releases: readonly string[] = ['bookworm', 'trixie', 'ubuntu-like'] satisfies Release[];

const {values, positionals} = parseArgs({
	allowPositionals: true,
	options: {
		name: {type: 'string'},
		kind: {type: 'string', default: 'container'},
		'root-key': {type: 'boolean', default: false},
		json: {type: 'boolean', default: false},
		all: {type: 'boolean', default: false},
		help: {type: 'boolean', default: false},
	},
});
const [command = '', subject = '', ...argv] = positionals;
const named = values.name === undefined ? {} : {name: values.name};

const show = (droplet: Pick<Droplet, 'name' | 'address' | 'address6'> & {kind?: string}): void => {
	if (values.json) {
		console.log(JSON.stringify(droplet));
		return;
	}

	const {name, address, address6} = droplet;
	console.log(`${name}  ${address}  ${address6}`);
};

const showDroplet = (droplet: Droplet): void => {
	show(droplet);
	if (!values.json) {
		console.log(`  root password  ${droplet.rootPassword}\n  key            ${droplet.keyFile}${values['root-key'] ? '' : '  (not installed)'}\n  file system    ${droplet.rootDirectory}\n  log in         ssh root@${droplet.address}`);
	}
};

const boot = async (): Promise<void> => {
	if (!releases.includes(subject)) {
		throw new Usage(`A release is one of ${releases.join(', ')}; this is ${JSON.stringify(subject)}.`);
	}

	if (values.kind !== 'container' && values.kind !== 'vm') {
		throw new Usage(`A kind is container or vm; this is ${JSON.stringify(values.kind)}.`);
	}

	showDroplet(await up({
		...named, release: subject as Release, kind: values.kind, rootKey: values['root-key'], lasting: true,
	}));
};

const commands: Record<string, () => Promise<unknown>> = {
	up: boot,
	async neighbour() {
		show(await neighbour({...named, lasting: true}));
	},
	async list() {
		for (const droplet of await list()) {
			show(droplet);
		}
	},
	async exec() {
		const droplet = await find(subject);
		const {code, out, err} = await droplet.exec(argv);
		process.stdout.write(out);
		process.stderr.write(err);
		process.exitCode = code;
	},
	async down() {
		if (values.all) {
			await downAll();
		} else {
			const droplet = await find(subject);
			await droplet.down();
		}
	},
	async sweep() {
		await requirements();
		for (const removed of await sweep()) {
			console.log(`removed ${removed}`);
		}
	},
	reboot: async () => (await find(subject)).reboot(),
	cut: async () => (await find(subject)).cut(),
	start: async () => (await find(subject)).start(),
	unplug: async () => (await find(subject)).unplug(),
	plug: async () => (await find(subject)).plug(),
	'without-ipv6': async () => (await find(subject)).withoutIpv6(),
	'with-ipv6': async () => (await find(subject)).withIpv6(),
};

try {
	const action = Object.hasOwn(commands, command) ? commands[command] : undefined;
	if (!action) {
		throw new Usage(values.help ? '' : `There is no command ${JSON.stringify(command)}.`);
	}

	await action();
} catch (error) {
	const problem = error instanceof Error ? error : new Error(String(error));
	process.exitCode = problem instanceof Usage ? 2 : (problem instanceof LabUnavailable ? 3 : 1);
	console.error(problem.message);
	if (problem instanceof Usage) {
		console.error(usage);
	}
}
