/** The wizard at a server's door: a password, a key, and what is said where they do not fit. */
import {setTimeout as sleep} from 'node:timers/promises';
import {mkdir, writeFile} from 'node:fs/promises';
import path from 'node:path';
import test from 'ava';
import {
	acceptKey, address, begin, ends, givePassword, gotIn, hostKey, keyPair, passphrase, password, strangeServer, toAddress, user, way,
} from './connect.js';
import {
	down, enter, escape, killLine, up, type Journey,
} from './terminal.js';

const passwordAgain = /refused the password of[\s\S]*Password of \w+ \(it is not shown\):\n[\s\S]*❯/;

/** Types a password; resolves once the server has refused so many and the next is asked for: what stood there before looks the same. */
const refused = async (journey: Journey, text: string, attempts: readonly string[], times: number): Promise<void> => {
	await journey.sees(password);
	journey.press(`${text}${enter}`);
	while (attempts.filter(one => one === 'password').length < times) {
		await sleep(20);
	}

	await journey.sees(passwordAgain);
};

test.serial('a wrong password: said, and asked again at once and hidden; an empty one is not sent', async t => {
	const {port, attempts} = await strangeServer(t, {password: 'open door'});
	const {journey} = await begin(t);
	await toAddress(journey);
	await journey.sees(address);
	journey.press(`127.0.0.1:${port}${enter}`);
	await journey.sees(user);
	journey.press(`grace${enter}`);
	await journey.sees(/How do you log in as grace today\?/);
	journey.press(enter);
	await givePassword(journey, 'shut door', hostKey);
	await acceptKey(journey);
	const again = await journey.sees(passwordAgain);
	t.regex(again, /The server refused the password of grace\.[\s\S]*See whether grace is the right user/);
	journey.press(enter);
	await journey.sees(/An answer is needed here\./);
	t.deepEqual(attempts, ['none', 'password']);
	await givePassword(journey, 'open door', gotIn);
	t.deepEqual(attempts, ['none', 'password', 'none', 'password']);
	t.notRegex(journey.raw(), /(?:open|shut) door/);
	await ends(t, journey, 1);
});

test.serial('a password that was begun anew with ctrl-u, has an emoji, and is pasted with the end of its line and more', async t => {
	const {port, attempts} = await strangeServer(t, {password: 'é🔑 open door'});
	const {journey} = await begin(t, [`grace@127.0.0.1:${port}`]);
	await journey.sees(way);
	journey.press(enter);
	await journey.sees(password);
	journey.press(`shut door${killLine}`);
	await journey.sees(/❯ *\n/);
	journey.press('é🔑 ');
	await journey.sees(/❯ •••/);
	journey.press('\u001B[200~\n open door\nexit\n\u001B[201~');
	await journey.sees(/❯ •{12}\s/);
	t.deepEqual(attempts, [], 'the end of a line that is pasted sends nothing');
	journey.press(enter);
	await acceptKey(journey);
	await journey.sees(gotIn);
	t.deepEqual(attempts, ['none', 'password']);
	t.notRegex(journey.raw(), /(?:open|shut) door|🔑/);
	await ends(t, journey, 1);
});

test.serial('three wrong passwords: then how to log in is asked anew, and Esc leaves a password for that at any time', async t => {
	const {port, attempts} = await strangeServer(t, {password: 'open door'});
	const {journey} = await begin(t, [`grace@127.0.0.1:${port}`]);
	await journey.sees(way);
	journey.press(enter);
	await givePassword(journey, 'wrong-1', hostKey);
	await acceptKey(journey);
	await journey.sees(passwordAgain);
	journey.press(escape);
	await journey.sees(way);
	journey.press(enter);
	await refused(journey, 'wrong-2', attempts, 2);
	await refused(journey, 'wrong-3', attempts, 3);
	await refused(journey, 'wrong-4', attempts, 4);
	t.regex(await givePassword(journey, 'wrong-5', way), /As another user +if grace is not the right one/);
	t.is(attempts.filter(one => one === 'password').length, 5);
	journey.press(up);
	await journey.sees(/❯ As another user/);
	journey.press(enter);
	await journey.sees(/enter takes grace/);
	journey.press(`root${enter}`);
	await journey.sees(/How do you log in as root today\?/);
	journey.press(enter);
	await givePassword(journey, 'open door', gotIn);
	t.false(journey.raw().includes('wrong-'));
	await ends(t, journey, 1);
});

test.serial('a key with a passphrase: offered by its name, its passphrase asked until it fits', async t => {
	const pair = keyPair('open sesame');
	const {port} = await strangeServer(t, {key: pair.public});
	const {journey, home} = await begin(t);
	await mkdir(path.join(home, '.ssh'), {mode: 0o700});
	await writeFile(path.join(home, '.ssh', 'id_ed25519'), pair.private, {mode: 0o600});
	await writeFile(path.join(home, '.ssh', 'id_ed25519.pub'), pair.public);
	await toAddress(journey);
	journey.press(`127.0.0.1:${port}${enter}`);
	await journey.sees(user);
	journey.press(enter);
	await journey.sees(/With the key ~\/\.ssh\/id_ed25519 +asks for its passphrase/);
	journey.press(down);
	await journey.sees(/❯ With the key/);
	journey.press(enter);
	await journey.sees(passphrase);
	journey.press(`close sesame${enter}`);
	await journey.sees(/That does not open it\. 2 tries left\.[\s\S]*Passphrase of/);
	journey.press(`open sesame${enter}`);
	await acceptKey(journey);
	t.regex(await ends(t, journey, 1), gotIn);
	t.false(journey.raw().includes('sesame'));
});

test.serial('a key in another file: one that is not there is named and asked for again; Esc leaves its passphrase', async t => {
	const pair = keyPair('open sesame');
	const {port} = await strangeServer(t, {key: pair.public});
	const {journey, home} = await begin(t, [`root@127.0.0.1:${port}`]);
	await writeFile(path.join(home, 'own key'), pair.private, {mode: 0o600});
	await journey.sees(way);
	journey.press(down);
	await journey.sees(/❯ With a key +you say in which file it is/);
	journey.press(enter);
	await journey.sees(/Where is the private key\?[\s\S]*❯/);
	journey.press(`~/none${enter}`);
	await journey.sees(/The key file \S+\/none cannot be used: there is no such\s+file\.[\s\S]*How do you log in as root[\s\S]*❯ With a key +you say in which file it is/);
	journey.press(enter);
	await journey.sees(/Where is the private key\?[\s\S]*enter takes ~\/none/);
	journey.press(`~/own key${enter}`);
	t.regex(await journey.sees(passphrase), /~\/own key/);
	journey.press(escape);
	await journey.sees(/Where is the private key\?[\s\S]*enter takes ~\/own key/);
	journey.press(enter);
	await journey.sees(passphrase);
	journey.press(`open sesame${enter}`);
	await acceptKey(journey);
	t.regex(await ends(t, journey, 1), gotIn);
});
