import type {Fact} from '../step.js';
import {Unreadable} from './files.js';

export type Account = {readonly name: string; readonly home: string; readonly shell: string};

/** A user from the server's passwd database; undefined where there is none. */
export const account = (name: string): Fact<Account | undefined> => ({
	argv: ['getent', 'passwd', name],
	parse({outcome, code, out}) {
		if (outcome !== 'ran') {
			throw new Unreadable(`whether ${name} exists could not be asked: ${outcome}`);
		}

		const [found = '', , , , , home = '', shell = ''] = out.trim().split(':');
		return code === 0 ? {name: found, home, shell} : undefined;
	},
});

/** Whether a user may run everything as root, and whether sudo asks for a password. */
export type Sudo = 'no-sudo' | 'nothing' | 'with-password' | 'without-password';

/** What `sudo -l -U` says of a user. Of several rules that fit, sudo takes the last (sudoers(5)). */
export const sudoOf = (name: string): Fact<Sudo> => ({
	argv: ['sudo', '-n', '-l', '-U', name],
	parse({outcome, out}) {
		if (outcome === 'timed-out') {
			throw new Unreadable('sudo did not answer in time');
		}

		if (outcome === 'no-such-command') {
			return 'no-sudo';
		}

		const everything = out.split('\n').map(line => line.trim()).filter(line => /^\((ALL|root)( : ALL)?\) (NOPASSWD: |PASSWD: )?ALL$/.test(line)).at(-1);
		return everything === undefined ? 'nothing' : everything.includes('NOPASSWD: ') ? 'without-password' : 'with-password';
	},
});
