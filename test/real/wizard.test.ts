/** The wizard on real droplets: its screens in a terminal, with the keys of a person. */
import {readFile} from 'node:fs/promises';
import {readFileSync} from 'node:fs';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {watchMemory} from '../bench/measure.js';
import {adminName} from '../contract/world.js';
import {
	byEnterAlone, clean, gone,
} from '../journeys/hands.js';
import {
	ctrlC, down, enter, environment, escape, travel, type Journey,
} from '../journeys/terminal.js';
import {type Droplet, up} from '../lab/lab.js';
import {byKey, byPassword} from './by-ssh.js';
import {homeFor, type Home} from './program.js';
import {setUp, working} from './set-up.js';

/** A shell that starts the program, and tells before and after it how the terminal is set. */
const shell = ['sh', '-c', 'stty -g; "$@"; code=$?; stty -g; exit $code', 'sh'];
const settings = (raw: string): readonly string[] => raw.match(/[\da-f]+(?::[\da-f]+){10,}(?=\r\n)/g) ?? [];
/** What a shell started. */
const childOf = (pid: number): number => Number(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim());

/** Every claim that `check --json` tells of, which does not hold or is not known. */
const notGreen = (out: string): readonly string[] => out.split('\n').filter(Boolean).map(line => JSON.parse(line) as {event: string; step: string; claims: ReadonlyArray<{id: string; holds?: boolean}>}).filter(({event}) => event === 'claims').flatMap(({step, claims}) => claims.filter(({holds}) => holds !== true).map(({id}) => `${step}/${id}`));

/** What check says of a droplet afterwards: all of it holds, and nothing is unknown. */
const allGreen = async (t: ExecutionContext, home: Home, droplet: Droplet): Promise<void> => {
	const {code, out, err} = await home.dropwise(['check', droplet.address, '--json', '--strict']);
	t.is(code, 0, out + err);
	t.deepEqual(notGreen(out), []);
	t.regex(out, /"event":"claims"/);
};

/** The end of a journey on which all came to hold. */
const finished = async (t: ExecutionContext, journey: Journey): Promise<string> => {
	const {code, text} = await journey.ended();
	t.is(code, 0, text);
	const end = text.slice(text.lastIndexOf(' steps hold.') - '9 of 9'.length);
	t.regex(end, /^(\d+) of \1 steps hold\.[\s\S]*is set up\./, text);
	t.notRegex(end, /[✖?] /, text);
	t.true(clean(journey.raw()));
	return text;
};

test.serial('a fresh droplet, its root password and no key pair: by Enter alone to the finish', async t => {
	t.timeout(300_000);
	const [droplet, home] = await Promise.all([up({release: 'trixie'}), homeFor(t)]);
	t.teardown(async () => droplet.down());
	t.is((await byPassword(droplet, 'root', droplet.rootPassword)).code, 0, 'fresh, it lets root in by password');
	const {ed25519: hostKey = ''} = await droplet.fingerprints();
	const journey = travel(['--state-dir', home.state], environment(home.folder), {before: shell, waits: working});
	t.teardown(() => {
		journey.hangUp();
	});
	await journey.sees(/Where shall we begin\?[\s\S]*❯ Practise/);
	const program = childOf(journey.pid);
	const memory = watchMemory(program);
	t.teardown(memory.stop);
	journey.press(down);
	await journey.sees(/❯ Set up my own server/);
	journey.press(enter);
	await journey.sees(/What is your server's address\?[\s\S]*❯/);
	journey.press(`${droplet.address}${enter}`);
	await journey.sees(/As which user can you log in today\?[\s\S]*enter takes root/);
	journey.press(enter);
	await journey.sees(/How do you log in as root today\?[\s\S]*❯ With a password/);
	journey.press(enter);
	await journey.sees(/Password of root/);
	journey.press(`${droplet.rootPassword}${enter}`);
	const shown = await journey.sees(/shows this key, for the first time:[\s\S]*❯ Choose with the arrow keys/);
	t.true(shown.includes(hostKey), shown);
	// Who a server is is not taken by Enter alone.
	journey.press(`${enter}${down}`);
	await journey.sees(/❯ It is the same: go on/);
	journey.press(enter);
	await journey.sees(/Debian 13[\s\S]*❯ Go on with "System updates"/);
	t.true(await byEnterAlone(journey) >= 8);
	const text = await finished(t, journey);
	t.notRegex(text, /✖/);
	t.regex(text, new RegExp(String.raw`✔ ${droplet.address.replaceAll('.', String.raw`\.`)} is set up\.`));
	const [before, after] = settings(journey.raw());
	t.truthy(before, journey.raw().slice(0, 300));
	t.is(after, before, 'the terminal is set as before');
	t.true(gone(program));
	t.false(journey.raw().includes(droplet.rootPassword));
	t.log(`largest memory: ${memory.most().toFixed(0)} MB`);

	await allGreen(t, home, droplet);
	for (const user of ['root', adminName]) {
		const {code, err} = await byPassword(droplet, user, droplet.rootPassword);
		t.is(code, 255);
		t.regex(err, /Permission denied \(publickey\)/);
	}

	const key = path.join(home.folder, '.ssh', 'id_ed25519');
	await droplet.write('/root/.ssh/authorized_keys', await readFile(`${key}.pub`, 'utf8'), '0600');
	t.is((await byKey(droplet, 'root', ['true'], key)).code, 255, 'root stays out, with a key that fits');
	t.is((await byKey(droplet, adminName, ['sudo', '-n', 'id', '-u'], key)).out, '0\n');
});

const early = '/etc/ssh/sshd_config.d/00-aaa.conf';
const heldToday = (title: string): RegExp => new RegExp(String.raw`✖ ${title}: this held today at \d\d:\d\d, and does not any\s+more\.`);

test.serial('what somebody broke since: opened at the right step, said in words, mended by Enter alone', async t => {
	t.timeout(600_000);
	const {droplet, home, open, reloadSsh} = await setUp(t);

	await t.notThrowsAsync(async () => {
		await droplet.must(['ufw', 'disable']);
		const journey = open();
		const overview = await journey.sees(/❯ Mend "Close every door but three"/);
		t.regex(overview, /✔ Your own user {3}✔ Keys only[\s\S]*✖ Close every door but three/);
		const opening = journey.text();
		t.regex(opening, heldToday('Close every door but three'));
		t.regex(opening, /✖ the firewall is on\s+expected: on\s+got: off/);
		t.notRegex(opening, /✖ (?:Your own user|Keys only):/);
		await byEnterAlone(journey);
		t.regex(await finished(t, journey), /✔ Close every door but three/);
		await allGreen(t, home, droplet);
	});

	await t.notThrowsAsync(async () => {
		await droplet.must(['ufw', 'allow', '8080/tcp']);
		await droplet.write(early, 'PasswordAuthentication yes\n', '0600');
		await reloadSsh();
		const journey = open();
		await journey.sees(/❯ Mend "Keys only"[\s\S]* Mend "Close every door but three"/);
		const opening = journey.text();
		t.regex(opening, heldToday('Keys only'));
		t.regex(opening, /✖ a password does not open ada's door\s+expected: PasswordAuthentication no\s+got:\s+PasswordAuthentication yes/);
		t.regex(opening, /… and 2 more like these/);
		t.regex(opening, /✖ no line makes an exception for somebody\s+expected: none\s+got: \/etc\/ssh\/sshd_config\.d\/00-aaa\.conf says\s+passwordauthentication yes/i);
		t.regex(opening, heldToday('Close every door but three'));
		t.regex(opening, /✖ nothing else is open to everybody\s+expected: nothing else\s+got: ufw allow 8080\/tcp/);
		await byEnterAlone(journey);
		await finished(t, journey);
		await allGreen(t, home, droplet);
		t.regex((await byPassword(droplet, 'root', droplet.rootPassword)).err, /Permission denied \(publickey\)/);
		t.regex(await droplet.read(early), /^# Set aside by dropwise: PasswordAuthentication yes$/m);
	});

	await t.notThrowsAsync(async () => {
		await droplet.must(['rm', `/etc/sudoers.d/dropwise-${adminName}`]);
		await droplet.must(['usermod', '--append', '--groups', 'sudo', adminName]);
		await droplet.must(['chpasswd'], {input: `${adminName}:right-and-long\n`});
		const journey = open();
		await journey.sees(/Password of ada, for sudo/);
		t.regex(journey.text(), /sudo asks for the password of ada\./);
		journey.press(`right-and-long${enter}`);
		await journey.sees(/❯ Mend "Your own user"/);
		const opening = journey.text();
		t.regex(opening, heldToday('Your own user'));
		t.regex(opening, /✖ ada can become root\s+expected: sudo without a password\s+got: sudo asks for a password/);
		await byEnterAlone(journey);
		await finished(t, journey);
		await allGreen(t, home, droplet);
	});
});

test.serial('an admin who may not become root: the words say so, and another way in is a key press away', async t => {
	t.timeout(600_000);
	const {droplet, home, open, reloadSsh} = await setUp(t);
	await droplet.must(['rm', `/etc/sudoers.d/dropwise-${adminName}`]);
	const shut = open();
	await shut.sees(/Password of ada, for sudo/);
	t.regex(shut.text(), /sudo asks for the password of ada, who seems not to be allowed to become\s+root\./);
	t.regex(shut.text(), /console/);
	shut.press(ctrlC);
	t.is((await shut.ended()).code, 130);
	t.true(clean(shut.raw()));

	// In the provider's console somebody let root in by password again.
	await droplet.write(early, 'PasswordAuthentication yes\nPermitRootLogin yes\n', '0600');
	await reloadSsh();
	const journey = open([`root@${droplet.address}`]);
	await journey.sees(/Password of ada, for sudo/);
	journey.press(escape);
	await journey.sees(/How do you log in as root today\?[\s\S]*❯ With a password/);
	journey.press(enter);
	await journey.sees(/Password of root/);
	journey.press(`${droplet.rootPassword}${enter}`);
	await journey.sees(/❯ Mend "Your own user"[\s\S]* Mend "Keys only"/);
	t.regex(journey.text(), /✖ ada can become root\s+expected: sudo without a password\s+got: sudo allows ada nothing/);
	await byEnterAlone(journey);
	await finished(t, journey);
	await allGreen(t, home, droplet);
	t.regex((await byPassword(droplet, 'root', droplet.rootPassword)).err, /Permission denied \(publickey\)/);
});
