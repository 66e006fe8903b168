import {createHash} from 'node:crypto';
import {chmod, rename, writeFile} from 'node:fs/promises';
import path from 'node:path';
import type {ServerInfo} from '../step.js';
import {NotWritten} from './append-only.js';
import {harmless} from './harmless.js';
import {makePrivateFolder} from './state-dir.js';

export type Card = {
	readonly name: string;
	readonly practice: boolean;
	readonly date: string;
	readonly info: ServerInfo;
	readonly hostKeys: readonly string[];
	/** As whom one can log in, and with which key file, `agent`, or a password. */
	readonly ways: ReadonlyArray<{readonly user: string; readonly identity: string | undefined; readonly until?: string}>;
	/** The files that steps under a guard changed, as far as is known. */
	readonly files: readonly string[];
};

/** The words behind `ssh` that log in. */
export const sshWords = (user: string, address: string, port: number, identity: string | undefined): readonly string[] => [
	...(identity !== undefined && !/^agent(?::|$)/.test(identity) ? ['-i', identity] : []),
	...(port === 22 ? [] : ['-p', String(port)]),
	`${user}@${address}`,
];

/** The command that logs in, as one types it. */
export const sshCommand = (...parameters: Parameters<typeof sshWords>): string =>
	['ssh', ...sshWords(...parameters).map(word => /^[\w./~@:%-]+$/.test(word) ? word : `'${word.replaceAll('\'', String.raw`'\''`)}'`)].join(' ');

const reload = ({system}: ServerInfo): string => system.init === 'upstart' ? 'service ssh reload' : 'systemctl reload ssh';

/** What to do when every door is shut: written before the first step that could shut one. */
export const rescueCard = (card: Card): string => {
	const {info: {me, addresses, system}} = card;
	const ports = [...new Set([22, me.sshPort])];
	return [
		`RESCUE CARD   ${card.name}${card.practice ? '   (the practice droplet: nothing here is real)' : ''}`,
		`written ${card.date}`,
		'',
		'Your server',
		`  address       ${me.address}, SSH on port ${me.sshPort}`,
		`  it has        ${addresses.join(', ') || 'no address it told us of'}`,
		`  system        ${system.name}`,
		'  host keys     compare these when ssh asks whether it is the right server',
		...card.hostKeys.map(key => `                ${key}`),
		'',
		'How to log in',
		...card.ways.flatMap(({user, identity, until}) => [
			`  as ${user}${until === undefined ? '' : ` ${until}`}`,
			`    ${sshCommand(user, me.address, me.sshPort, identity)}`,
		]),
		'',
		'If you cannot log in',
		'  Wait two minutes first: a step that locks you out is put back by the server',
		'  itself. After that, use the console: a screen and keyboard for your server in',
		'  your browser, which needs neither SSH nor the firewall. On the provider\'s site',
		'  open your server and look for "Console" (DigitalOcean: Access, Recovery Console;',
		'  Hetzner: the >_ button; Vultr: View Console; Linode: Launch LISH Console). Log',
		'  in there as root; the provider can set a new root password for you.',
		'',
		'  To open the firewall, type:',
		'    ufw disable',
		'  If SSH still does not answer, other rules are in the way; this takes out all',
		'  that are not kept in files:',
		'    reboot',
		'',
		'  To let passwords and root in by SSH again, type:',
		'    sed -i \'1i PasswordAuthentication yes\' /etc/ssh/sshd_config',
		'    sed -i \'1i PermitRootLogin yes\' /etc/ssh/sshd_config',
		`    sshd -t && ${reload(card.info)}`,
		'  The first line that names a setting wins, so these two overrule all others.',
		'  If "sshd -t" names a line that it does not understand, open the file that it',
		'  names (nano FILE), put # in front of that line, and type it again.',
		'  If SSH still does not answer:',
		`    ${system.init === 'upstart' ? 'service ssh restart' : 'systemctl restart ssh'}`,
		'',
		'  To close both again: delete those two lines, repeat the line with "sshd -t", and',
		'  let dropwise mend the rest: should it shut itself out, the server puts that back.',
		'  By hand, all of these; without the last one the door may stay shut, where rules',
		'  were emptied:',
		...ports.map(port => `    ufw allow ${port}/tcp`),
		'    ufw enable',
		'    reboot',
		...(card.files.length > 0
			? [
				'',
				'Files that dropwise changes in the steps that could lock you out. What stood in',
				'them before is kept on the server in /var/lib/dropwise, readable by root.',
				...card.files.map(file => `  ${file}`),
			]
			: []),
		'',
	].map(line => harmless(line)).join('\n');
};

/** Where the card of a server lies: under a name that a person can tell and type. What follows the server's name tells two servers of that name apart. */
export const cardFile = (stateDir: string, name: string, record: string): string => {
	// Whatever else is in a name stays out of a file's.
	const plain = name.toLowerCase().replaceAll(/[^a-z\d.]+/g, '-').replaceAll(/^[-.]+|[-.]+$/g, '').slice(0, 60);
	return path.join(stateDir, `rescue-${plain}-${createHash('sha256').update(record).digest('hex').slice(0, 4)}.txt`);
};

/** Where the card lies of the server at a place, whose record is kept in that folder. */
export const cardAt = (stateDir: string, place: string, folder: string | undefined): string => cardFile(stateDir, place.replace(/:22$/, ''), path.basename(folder ?? ''));

/** Puts the card on the person's own disk, whole or not at all, and returns where. Rejects with `NotWritten`. */
export const writeRescueCard = async (file: string, card: Card): Promise<string> => {
	try {
		await makePrivateFolder(path.dirname(file));
		await writeFile(`${file}.new`, rescueCard(card), {mode: 0o600, flush: true});
		await chmod(`${file}.new`, 0o600);
		await rename(`${file}.new`, file);
	} catch (error) {
		throw new NotWritten(file, error);
	}

	return file;
};
