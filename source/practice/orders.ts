import path from 'node:path/posix';
import {reveal} from '../server/secret.js';
import type {Kept, Order} from '../server/server.js';
import type {Answer} from './programs/command.js';
import {runCommand} from './programs/programs.js';
import {
	contentOf,
	idsOf,
	isFolder,
	sha256,
	writeFile,
} from './file-tree.js';
import {keep, putBack} from './guard.js';
import type {
	CarriedOut,
	KeptFile,
	Machine,
	Piece,
	WayBack,
} from './state.js';
import {switchedOn} from './reboot.js';

/** Carrying out an order: its effect, and what it says at which moment. */
type Settings = {
	/** What belongs to a run of the program, not to one connection. */
	run: {token: string; guard: string | undefined};
	/** How much slower or faster than the real thing; 0: at once. */
	pace: number;
	connection: string;
};

const leaseSeconds = 30;
const ordersRemembered = 60;

export const takeLease = ({droplet, now}: Machine, token: string, holder: string): boolean => {
	if (droplet.lease && droplet.lease.token !== token && droplet.lease.until > now) {
		return false;
	}

	droplet.lease = {token, holder, until: now + (leaseSeconds * 1000)};
	return true;
};

/** A lease lapses for others alone: whoever had it has it again if nobody took it. */
export const renewLease = ({droplet, now}: Machine, token: string): boolean => {
	if (droplet.lease?.token !== token) {
		return false;
	}

	droplet.lease.until = now + (leaseSeconds * 1000);
	return true;
};

/** Spreads what a command says over the time it takes, a few lines at a time. */
const piecesOf = ({said, seconds = 0.06}: Answer, pace: number): {pieces: Piece[]; length: number} => {
	const length = Math.round(seconds * 1000 * pace);
	const lines = said.flatMap(({stream, text}) => text.split(/(?<=\n)/v).filter(Boolean).map(line => ({stream, text: line})));
	const together = Math.ceil(lines.length / 40);
	const pieces: Piece[] = [];
	for (const [index, {stream, text}] of lines.entries()) {
		const at = Math.round(length * ((Math.floor(index / together) * together) + 1) / (lines.length + 1));
		const last = pieces.at(-1);
		if (last?.stream === stream && index % together !== 0) {
			last.text += text;
		} else {
			pieces.push({stream, text, at});
		}
	}

	return {pieces, length};
};

const refused = ({now}: Machine, why: string): CarriedOut => ({
	begunAt: now, endsAt: now, pieces: [{stream: 'err', text: `${why}\n`, at: 0}], outcome: 'refused', code: 255, kept: [],
});

/** Why an order may not begin now; undefined where it may. */
const standsInTheWay = (machine: Machine, {token, guard: under}: Settings['run']): string | undefined => {
	if (!renewLease(machine, token)) {
		return 'Another run of dropwise holds this server now. Nothing was changed.';
	}

	const {guard} = machine.droplet;
	const armed = guard?.state === 'armed' ? guard : undefined;
	if (under !== undefined && armed?.id !== under) {
		return 'The guard has fired, and what was done under it was put back. Nothing was changed.';
	}

	if (armed) {
		armed.until = machine.now + (armed.seconds * 1000);
	}

	return undefined;
};

const said = (code: number, error = ''): Answer => ({code, said: error === '' ? [] : [{stream: 'err', text: error}]});

const put = (machine: Machine, order: Extract<Order, {do: 'write' | 'restore'}>): Answer => {
	const {droplet} = machine;
	if (order.do === 'restore') {
		return putBack(machine, order.to) ? said(0) : said(1, `What ${order.path} held before is no longer on the server.\n`);
	}

	const ids = order.owner === undefined ? undefined : idsOf(droplet, order.owner);
	if (order.owner !== undefined && !ids) {
		return said(1, `chown: invalid user: '${order.owner}'\n`);
	}

	writeFile(machine, order.path, order.content, {mode: order.mode, ...ids});
	return said(0);
};

/** Keeps the files an order will change. Returns why it must not, if so. */
const prepare = (machine: Machine, order: Order): {kept: KeptFile[]; why?: string} => {
	const paths = order.do === 'run' ? order.touches ?? [] : [order.path];
	const odd = paths.find(file => isFolder(machine.droplet, file));
	if (odd !== undefined) {
		return {kept: [], why: `${odd} is a folder: it cannot be kept. Nothing was changed.`};
	}

	const kept = paths.map(file => keep(machine, file));
	if (order.do === 'run') {
		return {kept};
	}

	const content = contentOf(machine, order.path);
	const stands = content === undefined ? 'absent' : sha256(content);
	if (stands !== order.expects) {
		return {kept, why: `${order.path} is no longer as it was looked at. Nothing was changed.`};
	}

	return isFolder(machine.droplet, path.dirname(order.path)) ? {kept} : {kept, why: `There is no folder ${path.dirname(order.path)} to put the file into. Nothing was changed.`};
};

const wayBack = (order: Order, kept: KeptFile[], stdin: string): WayBack => {
	const undo = order.do === 'run' ? order.undo : undefined;
	return {
		order: order.id, kept, undo: undo === undefined || undo === 'again' ? [] : undo.map(argv => [...argv]), ...(undo === 'again' && order.do === 'run' ? {again: {argv: [...order.argv], stdin}} : {}),
	};
};

const carryOut = (machine: Machine, order: Order, {run, pace, connection}: Settings): CarriedOut => {
	const why = standsInTheWay(machine, run);
	if (why !== undefined) {
		return refused(machine, why);
	}

	const prepared = prepare(machine, order);
	if (prepared.why !== undefined) {
		return {...refused(machine, prepared.why), kept: prepared.kept};
	}

	const stdin = order.do === 'run' ? (typeof order.stdin === 'object' ? reveal(order.stdin) : order.stdin ?? '') : '';
	const {guard} = machine.droplet;
	if (guard?.state === 'armed') {
		guard.waysBack.push(wayBack(order, prepared.kept, stdin));
	}

	const bootBefore = machine.droplet.boot.id;
	const answer = order.do === 'run'
		? runCommand({
			...machine, argv: order.argv, stdin, connection,
		})
		: put(machine, order);
	if (machine.droplet.boot.id !== bootBefore) {
		switchedOn(machine, pace);
	}

	const {pieces, length} = piecesOf(answer, pace);
	return {
		begunAt: machine.now, endsAt: machine.now + length, pieces, outcome: answer.noSuchCommand ? 'no-such-command' : 'ran', code: answer.code, kept: prepared.kept,
	};
};

/** Begins an order, unless one of that id was begun before. */
export const begin = (machine: Machine, order: Order, settings: Settings): void => {
	const {orders} = machine.droplet;
	const before = orders[order.id];
	// What was refused was not begun: the same order may come again.
	if (before && before.outcome !== 'refused') {
		return;
	}

	const carriedOut = carryOut(machine, order, settings);
	const old = Object.keys(orders);
	for (const id of old.slice(0, Math.max(0, old.length - ordersRemembered))) {
		Reflect.deleteProperty(orders, id);
	}

	orders[order.id] = carriedOut;
};

export const keptOf = (kept: readonly KeptFile[]): Kept[] => kept.map(file => {
	if (file.sha256 === 'absent') {
		return {path: file.path, sha256: 'absent'};
	}

	const {path: name, sha256: hash, mode, owner} = file as Exclude<KeptFile, {sha256: 'absent'}>;
	return {
		path: name, sha256: hash, mode, owner,
	};
});

