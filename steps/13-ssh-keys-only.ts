import {account} from '../source/facts/accounts.js';
import {confFiles, file} from '../source/facts/files.js';
import {keyList, notTried} from '../source/facts/key-list.js';
import {
	forgetFailures,
	reload,
	restart,
	socketOn,
} from '../source/facts/services.js';
import {
	effectiveFor,
	offered,
	setting,
	type Effective,
} from '../source/facts/sshd.js';
import {
	misread,
	setAside,
	settingsIn,
	type Setting,
} from '../source/facts/sshd-files.js';
import {
	defineStep,
	type Claim,
	type FileFact,
	type GuardedAction,
} from '../source/step.js';

/** What must be true for everybody. These words are understood from OpenSSH 6.6 to today (facts A1). */
const wanted = [
	['PermitRootLogin', 'no'],
	['PasswordAuthentication', 'no'],
	['KbdInteractiveAuthentication', 'no'],
	['ChallengeResponseAuthentication', 'no'],
	['PubkeyAuthentication', 'yes'],
	['PermitEmptyPasswords', 'no'],
] as const;
const wantedValue = new Map<string, string>(wanted.map(([keyword, value]) => [keyword.toLowerCase(), value]));

const main = '/etc/ssh/sshd_config';
const folder = '/etc/ssh/sshd_config.d';
/** sshd takes the first value it reads, in the order of the names: this one comes before cloud-init's 50-cloud-init.conf. */
const ours = `${folder}/00-dropwise.conf`;
const begin = '# BEGIN dropwise: keys only';
const end = '# END dropwise';

const block = `${wanted.map(([keyword, value]) => `${keyword} ${value}`).join('\n')}\n`;
const asFile = `# Written by dropwise: only keys open the door, and not for root.\n${block}`;

const contradicts = ({keyword, value}: Setting): boolean => {
	const want = wantedValue.get(keyword);
	return want !== undefined && value.toLowerCase() !== want;
};

const includes = (sshdConfig: FileFact): boolean =>
	settingsIn(sshdConfig).some(({keyword, value}) => keyword === 'include' && value.includes('sshd_config.d'));

/** The main file with our lines at its very top, where the first value wins. */
const withBlock = (content: string): string => {
	// Of a block that somebody took apart, its marks alone are ours.
	const without = content.replace(new RegExp(String.raw`^${begin}\n[\s\S]*?^${end}\n`, 'm'), '').replaceAll(new RegExp(String.raw`^(?:${begin}|${end})\n`, 'gm'), '');
	return `${begin}\n${block}${end}\n${without}`;
};

/** Lines of others that would let somebody in by another way: read before ours, or inside a Match block, which outranks what stands outside. */
const exceptions = (files: readonly FileFact[], before: (path: string) => boolean): readonly Setting[] =>
	files.flatMap(one => settingsIn(one).filter(line => contradicts(line) && (line.match !== undefined || before(one.path))));

const described = ({file: {path}, keyword, value, match}: Setting): string =>
	`${path} says ${keyword} ${value}${match === undefined ? '' : ` for ${match}`}`;

/** What sshd says of settings that it does not take, but for how many lines it was that it counts in the end. */
const brokenBy = (...asked: readonly Effective[]): string => asked.map(one => 'broken' in one ? one.broken.replace(/(?<=\n)\S+: terminating, \d+ bad [^\n]+$/, '').trim() : '').find(Boolean) ?? '';

/** What cloud images have there. */
const usual = ['50-cloud-init.conf', '60-cloudimg-settings.conf'].map(name => `${folder}/${name}`);

export default defineStep({
	id: 'ssh-keys-only',
	title: 'Keys only',
	phase: 'Harden',
	why: 'A password can be guessed, and programs on the whole internet are guessing yours at this moment. A key cannot: from here on sshd, the program that lets people in, takes keys only, and nobody comes in as root.',
	lesson: `Somebody set "PasswordAuthentication no" at the end of sshd's settings and believed it. A file that their provider had put there, 50-cloud-init.conf, said "yes" before it, and sshd takes the first value it reads. Passwords worked for two more years.

So this step asks sshd itself what it goes by, instead of trusting what a file says.

How to see it:  sudo /usr/sbin/sshd -T  prints all that sshd goes by; look for permitrootlogin and passwordauthentication.
From outside:   ssh -o PubkeyAuthentication=no YOU@SERVER  must answer "Permission denied (publickey)".
The way back:   your provider's console does not use SSH. The rescue card, a file that dropwise writes to your computer before this step, says what to type there.`,
	minutes: 1,
	needs: ['admin-user'],
	guarded: true,
	provides: {keysOnly: true},

	look: ({info, admin}) => ({
		user: account(admin),
		forAdmin: effectiveFor(admin, info.from),
		forRoot: effectiveFor('root', info.from),
		sshdConfig: file(main),
		dropIns: confFiles(folder),
		offers: offered(info.at, info.sshdPort),
		sockets: info.system.init === 'systemd' ? [socketOn(info.sshdPort)] : [],
	}),
	likely: ({admin}) => ({ours: file(ours), others: usual.map(path => file(path)), keys: file(keyList(`/home/${admin}`))}),
	lookDeeper: ({dropIns, user}, {admin}) => ({
		keys: file(keyList(user?.home ?? `/home/${admin}`)),
		ours: file(ours),
		others: dropIns.filter(path => path !== ours).map(path => file(path)),
	}),

	plan(facts, {info: {system}}) {
		const {sshdConfig, others, offers, sockets, forRoot, forAdmin} = facts;
		const inFolder = system.sshDropIns && includes(sshdConfig);
		const actions: GuardedAction[] = [];
		const where = inFolder ? facts.ours : sshdConfig;
		const files = inFolder ? [...others, sshdConfig] : [sshdConfig];
		const stops = misread(brokenBy(forRoot, forAdmin), files).map(line => ({...line, because: `sets aside "${line.text}", which sshd does not understand: it would not start`}));
		const foreign = exceptions(files, path => inFolder && path < ours && path !== main)
			.map(line => ({...line, because: `sets aside "${line.keyword} ${line.value}", which would let somebody in another way`}));
		const aside = Map.groupBy([...stops, ...foreign], line => line.file);
		const content = (one: FileFact): string => setAside(one, new Set(aside.get(one)?.map(({index}) => index)));
		const reasons = (one: FileFact): readonly string[] => [...new Set(aside.get(one)?.map(({because}) => because))];
		const text = inFolder ? asFile : withBlock(content(sshdConfig));
		if (where.content !== text) {
			actions.push({
				do: 'write',
				because: inFolder ? 'says it in a file of its own, which sshd reads first' : ['says it at the top of sshd\'s settings, where the first word counts', ...reasons(where)].join('; '),
				file: where,
				content: text,
				mode: 0o644,
				owner: 'root:root',
			});
		}

		for (const one of aside.keys()) {
			if (one !== where) {
				actions.push({
					do: 'write',
					because: reasons(one).join('; '),
					file: one,
					content: content(one),
					mode: one.mode,
				});
			}
		}

		const dead = offers === undefined;
		const [socket] = sockets;
		const stale = !dead && offers.join() !== 'publickey';
		const settled = !('broken' in forRoot) && !('broken' in forAdmin);
		// What sshd stumbles over and we cannot find is not ours to mend: the claims below say what it is.
		if (actions.length === 0 && (socket?.each || !((dead || stale) && settled))) {
			return [];
		}

		actions.push({
			do: 'run', because: 'checks the settings for typing errors before sshd sees them', argv: ['/usr/sbin/sshd', '-t'], undo: [],
		});
		// One that is started for each connection has read them; starting ssh.service would take its port.
		if (socket?.each) {
			return actions;
		}

		// An sshd that systemd listens for has lost its socket once it reads its settings again, and ends.
		if (dead || socket) {
			if (system.init === 'systemd') {
				actions.push({
					do: 'run', because: 'after a few starts in a row systemd would refuse the next', argv: forgetFailures('ssh'), undo: [],
				});
			}

			actions.push({
				do: 'run', because: dead ? 'starts sshd, which does not answer' : 'lets sshd read them; nobody who is logged in is thrown out', argv: restart(system, 'ssh'), undo: 'again',
			});
		} else {
			actions.push({
				do: 'run', because: 'lets sshd read them; nobody who is logged in is thrown out', argv: reload(system, 'ssh'), undo: 'again',
			});
		}

		return actions;
	},

	verify(facts, {admin, info: {system}}) {
		const {forAdmin, forRoot, offers, others, sshdConfig} = facts;
		const inFolder = system.sshDropIns && includes(sshdConfig);
		const foreign = exceptions(inFolder ? [...others, sshdConfig] : [sshdConfig], path => inFolder && path < ours && path !== main);
		const fault = brokenBy(forRoot, forAdmin);
		const off = (id: string, says: string, effective: Effective, keyword: string, expected = 'no'): Claim => {
			const actual = setting(effective, keyword.toLowerCase());
			return 'broken' in effective
				? {id, says, unknown: 'sshd does not take its settings as they are'}
				: {
					id, says, holds: actual === expected, expected: `${keyword} ${expected}`, actual: `${keyword} ${actual ?? 'is not set'}`,
				};
		};

		const understood: Claim = {
			id: 'understood', says: 'sshd finds no fault with its settings', holds: fault === '', expected: 'none', actual: fault === '' ? 'none' : fault,
		};
		const running: Claim = {
			id: 'running', says: 'the running sshd goes by these settings', holds: offers?.join() === 'publickey', expected: 'publickey', actual: offers === undefined ? 'sshd does not answer: nobody else gets in now' : offers.join(', '),
		};
		const withoutExceptions: Claim = {
			id: 'exceptions', says: 'no line makes an exception for somebody', holds: foreign.length === 0, expected: 'none', actual: foreign.length === 0 ? 'none' : foreign.map(line => described(line)).join('; '),
		};
		// What shuts everybody out is said first, and what is to blame before what it leads to.
		return [
			...(offers === undefined ? [running] : []),
			understood,
			withoutExceptions,
			off('root-log-in', 'nobody can log in as root', forRoot, 'PermitRootLogin'),
			off('root-passwords', 'a password does not open root\'s door', forRoot, 'PasswordAuthentication'),
			off('passwords', `a password does not open ${admin}'s door`, forAdmin, 'PasswordAuthentication'),
			off('questions', 'no password by question and answer either', forAdmin, 'KbdInteractiveAuthentication'),
			off('empty-passwords', 'an empty password opens nothing', forAdmin, 'PermitEmptyPasswords'),
			off('keys', 'keys open the door', forAdmin, 'PubkeyAuthentication', 'yes'),
			...(offers === undefined ? [] : [running]),
		];
	},

	settle: 5,
	async witness(outside, {user, keys}, {admin, key}) {
		const untried = notTried(admin, user, keys, key);
		const {loggedIn, why, offered: methods = outside.offered} = untried === undefined ? await outside.logIn() : {loggedIn: false, why: untried};
		return [
			methods === undefined
				? {id: 'offered', says: 'sshd offers strangers nothing but keys', unknown: 'sshd tells it to whoever logs in, and no log-in was tried from here'}
				: {
					id: 'offered', says: 'sshd offers strangers nothing but keys', holds: methods.join() === 'publickey', expected: 'publickey', actual: methods.join(', '),
				},
			{
				id: 'log-in', says: `${admin} still gets in with your key`, holds: loggedIn, expected: 'in', actual: loggedIn ? 'in' : why,
			},
		];
	},
});
