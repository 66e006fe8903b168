import {openConsole, type Console} from '../../source/practice/console.js';
import {openPractice} from '../../source/practice/droplet.js';
import type {Level} from '../../source/practice/state.js';
import {hide} from '../../source/server/secret.js';
import type {
	Login,
	Order,
	Outcome,
	Server,
} from '../../source/server/server.js';
import type {Argv} from '../../source/step.js';
import {handClock, temporary} from './temporary.js';

/** A droplet, somebody logged in as root who holds the lease, and the provider's console beside it. */
export const key = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIpractice';
export const asRoot: Login = {user: 'root', password: hide('practice')};
export const asAda: Login = {user: 'ada', identity: '~/.ssh/id_ed25519'};

export type Scene = {
	directory: string;
	server: Server;
	console: Console;
	clock: ReturnType<typeof handClock>;
	open: (login: Login) => Promise<Server>;
	run: (...argv: Argv) => Promise<Outcome>;
	act: (order: Record<string, unknown>) => Promise<Outcome>;
	ask: (...argv: Argv) => Promise<string>;
};

let number = 0;

export const scene = async (level: Level = 'debian-13'): Promise<Scene> => {
	const directory = temporary();
	const clock = handClock();
	const open = async (login: Login) => openPractice({
		directory, level, login, clock, pace: 0, keyOf: () => key,
	});
	const server = await open(asRoot);
	await server.lock('a test');
	const act = async (order: Record<string, unknown>) => server.act({id: `order-${number++}`, ...order} as Order, () => undefined);
	return {
		directory,
		server,
		console: openConsole({directory, level, clock}),
		clock,
		open,
		act,
		run: async (...argv) => act({do: 'run', argv}),
		async ask(...argv) {
			const [reading] = await server.look([{argv}]);
			return reading!.out + reading!.err;
		},
	};
};

/** Ada, who may become root and whose key is on her list. */
export const withAda = async (level?: Level): Promise<Scene> => {
	const here = await scene(level);
	await here.run('useradd', '--create-home', '--shell', '/bin/bash', 'ada');
	await here.run('install', '-d', '-m', '700', '-o', 'ada', '-g', 'ada', '/home/ada/.ssh');
	here.console.write('/home/ada/.ssh/authorized_keys', `# a comment\n${key} ada\n`, {mode: 0o600, owner: 'ada:ada'});
	here.console.write('/etc/sudoers.d/ada', 'ada ALL=(ALL:ALL) NOPASSWD: ALL\n', {mode: 0o440});
	return here;
};

/** Why a log-in failed, or `in`. */
export const triesToLogIn = async (here: Scene, login: Login): Promise<string> => {
	try {
		const server = await here.open(login);
		await server.close();
		return 'in';
	} catch (error) {
		return (error as {reason?: string}).reason ?? String(error);
	}
};
