/** The carrier's requests as text. Pure. */
import type {Argv, Question, Undoing} from '../step.js';
import type {Order} from './server.js';
import {reveal} from './secret.js';
import {block, encode, lines} from './wire.js';

const factSeconds = 10;

const checkPath = (path: string): string => {
	if (!/^\/[^\n]*$/v.test(path)) {
		throw new TypeError(`Not an absolute path: ${JSON.stringify(path)}`);
	}

	return path;
};

const checkId = (id: string): string => {
	if (!/^[a-z0-9\-]{1,100}$/v.test(id)) {
		throw new TypeError(`Not an id, which has small letters, digits and dashes: ${JSON.stringify(id)}`);
	}

	return id;
};

const question = (asked: Question): string => {
	if ('file' in asked) {
		return lines('file', checkPath(asked.file));
	}

	const seconds = asked.seconds ?? factSeconds;
	return lines('run', String(seconds), String(Math.round(seconds * 100)))
		+ (asked.stdin === undefined ? 'none\n' : 'input\n' + block(asked.stdin))
		+ lines(String(asked.argv.length), ...asked.argv);
};

export const lookRequest = (questions: readonly Question[]): string => lines('look', String(questions.length)) + questions.map(asked => question(asked)).join('');

const part = (name: string, ...texts: readonly string[]): string => `${name}\n${texts.map(text => encode(text) + '\n').join('')}.\n`;

const counted = (word: string, argv: Argv): string => `${word} ${argv.length}\n${lines(...argv)}`;

const undoing = (undo: Undoing | undefined, argv: Argv): string => {
	if (undo === undefined) {
		return '';
	}

	return undo === 'again' ? `again\n${counted('again', argv)}.\n` : `undo\n${undo.map(back => counted('undo', back)).join('')}.\n`;
};

const mode = (bits: number): string => (bits & 0o7777).toString(8);

const parts = (order: Order): string => {
	switch (order.do) {
		case 'run': {
			const input = order.stdin === undefined ? '' : 'input\n' + block(typeof order.stdin === 'string' ? order.stdin : reveal(order.stdin));
			return part('argv', ...order.argv)
				+ (order.touches === undefined ? '' : part('touches', ...order.touches.map(path => checkPath(path))))
				+ undoing(order.undo, order.argv)
				+ input;
		}

		case 'write': {
			return part('target', checkPath(order.path), order.expects, 'content', mode(order.mode), order.owner ?? '')
				+ 'content\n' + block(order.content);
		}

		case 'restore': {
			const {to} = order;
			return to.sha256 === 'absent' || !('mode' in to)
				? part('target', checkPath(order.path), order.expects, 'absent', '', '')
				: part('target', checkPath(order.path), order.expects, to.sha256, mode(to.mode), to.owner);
		}
	}
};

/** `token` names the holder of the lease, `guard` the armed guard this order counts on. */
export const actRequest = (order: Order, token: string, guard: string | undefined): string => lines('act', checkId(order.id), token, guard ?? '-', order.do) + parts(order) + 'end\n';
export const followRequest = (id: string): string => lines('follow', checkId(id));
export const renewRequest = (token: string): string => lines('renew', token);
export const lockRequest = (token: string, holder: string): string => lines('lock', token, holder);
/** `port`: where sshd took our connection on. */
export const armRequest = (id: string, token: string, seconds: number, port: number, revert: string): string => lines('arm', checkId(id), token, String(Math.ceil(seconds)), String(port)) + block(revert);
export const simpleRequest = (name: 'unlock' | 'status' | 'assign-id' | 'confirm' | 'revert', value = '-'): string => lines(name, value);
