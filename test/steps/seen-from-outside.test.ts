import test from 'ava';
import type {Published} from '../../source/facts/docker.js';
import {wanted} from '../../source/facts/docker-user.js';
import type {Dialled, Family, Outside} from '../../source/step.js';
import step from '../../steps/51-seen-from-outside.js';
import {ufwWith} from '../facts/packet-filter/kernels.js';
import type {Tables} from '../../source/facts/packet-filter/tables.js';
import {contextOn, everySystem, fileWith, show} from './server-infos.js';

const c = contextOn(everySystem.find(({id}) => id === 'debian-13')!, {});
const tuples = (ports: readonly number[], anywhere: string): string => ports.map(port => `### tuple ### allow tcp ${port} ${anywhere} any ${anywhere} in\n`).join('');
/** As Docker and ufw leave it: over IPv4 Docker redirects, over IPv6 a program of its takes in what comes. */
const kernel = (family: Family, listed: readonly number[], forContainers: readonly number[]): Tables => {
	const host = ufwWith(family, family === 'v4' ? [] : listed);
	if (family === 'v6') {
		return host;
	}

	const rules = ['-A FORWARD -j DOCKER-USER', '-A FORWARD -o docker0 -j DOCKER', ...host.filter!.rules, ...wanted(family, forContainers, {named: [], foreign: []}).map(({rule}) => rule)];
	return {...host, filter: {...host.filter!, chains: [...host.filter!.chains, 'DOCKER-USER'], rules}, nat: {policies: new Map([['PREROUTING', 'ACCEPT']]), chains: ['DOCKER'], rules: ['-A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER']}};
};

const listener = (port: number, program: string, families: readonly Family[] = ['v4', 'v6']) => ({
	port, program, families, loopback: false,
});

type Facts = Parameters<typeof step.verify>[0];
const factsWith = (listed: readonly number[], forContainers: readonly number[], docker: readonly Published[] | undefined, listening = [listener(22, 'sshd')]): Facts => ({
	listening, docker: [docker], kernel4: kernel('v4', listed, forContainers), kernel6: kernel('v6', listed, forContainers), interfaces: [], ufwRules: fileWith('/etc/ufw/user.rules', tuples(listed, '0.0.0.0/0')), ufwRules6: fileWith('/etc/ufw/user6.rules', tuples(listed, '::/0')), ufwConf: fileWith('/etc/ufw/ufw.conf', ''), ufwDefaults: fileWith('/etc/default/ufw', ''),
});
const verdicts = (facts: Facts): string[] => step.verify(facts, c).map(claim => `${claim.id}: ${'holds' in claim ? claim.actual : claim.unknown}`);
const outsideWith = (open: readonly number[]): Outside => ({
	addresses: {v4: '203.0.113.7', v6: '2001:db8::7'}, tcp: async (_family, port): Promise<Dialled> => (open.includes(port) ? 'open' : 'silent'), offered: undefined, logIn: async () => ({loggedIn: true, root: true, why: '', offered: ['publickey']}),
});
const seen = async (facts: Facts, open: readonly number[]) => Object.fromEntries((await step.witness!(outsideWith(open), facts, c)).map(claim => [claim.id, claim]));

test('without Docker there is one list', t => {
	t.deepEqual(verdicts(factsWith([22, 80, 443], [], undefined)), ['a-firewall: the firewall']);
});

test('the firewall\'s list and that of containers are one, but for what the server itself listens on', t => {
	t.deepEqual(verdicts(factsWith([22, 80, 443], [80, 443], [])), ['a-firewall: the firewall', 'one-list: the same ports']);
	t.is(verdicts(factsWith([22, 80, 443, 8080], [80, 443], []))[1], 'one-list: 8080 is open, but a container may not show it yet');
	t.is(verdicts(factsWith([22, 80], [80, 443], []))[1], 'one-list: a container may show 443, which the firewall\'s list does not have');
});

test('where Docker asks no list, whatever a container publishes is open, and that is said', t => {
	const facts = factsWith([22, 80], [], []);
	const {filter} = facts.kernel4;
	const trapped = {...facts, kernel4: {...facts.kernel4, filter: {...filter!, rules: filter!.rules.filter(rule => !rule.startsWith('-A DOCKER-USER'))}}};
	t.is(verdicts(trapped)[1], 'one-list: Docker lets in whatever a container publishes over IPv4, listed or not');
});

test('a published port that is not listed and answers is red, and all three are named', async t => {
	const facts = factsWith([22, 80, 443], [80, 443], [show('web', 8080), show('web', 8080, '::')], [listener(22, 'sshd'), listener(8080, 'docker-proxy')]);
	const good = await seen(facts, [22]);
	t.like(good['port-8080-v4'], {holds: true, says: 'port 8080 (web on all addresses, says Docker) is closed from where you sit, over IPv4', expected: 'closed: the firewall\'s list does not have it'});
	const bad = await seen(facts, [22, 8080]);
	t.like(bad['port-8080-v4'], {holds: false, actual: 'it answers: Docker lets it in past the firewall'});
	t.like(bad['port-8080-v6'], {holds: false, actual: 'it answers: Docker lets it in past the firewall'});
	// Over IPv6 Docker redirects nothing: where the firewall is off there, nobody went past it.
	const off = await seen({...facts, kernel6: {...facts.kernel6, filter: {...facts.kernel6.filter!, policies: new Map([['INPUT', 'ACCEPT']]), rules: []}}}, [22, 8080]);
	t.like(off['port-8080-v6'], {holds: false, actual: 'it answers: no firewall stands before it'});
	t.like(bad['port-22-v4'], {holds: true, says: 'port 22 (sshd, which lets you in) is open from where you sit, over IPv4'});
});

test('a listed port that a container may not show yet is told', async t => {
	const facts = factsWith([22, 80, 443, 8080], [80, 443], [show('web', 8080)]);
	t.like((await seen(facts, [22]))['port-8080-v4'], {holds: false, expected: 'open: the firewall\'s list has it', actual: 'it does not answer: a container may not show it yet'});
	t.like((await seen(factsWith([22, 8080], [8080], [show('web', 8080)]), [22, 8080]))['port-8080-v4'], {holds: true});
});

test('what is shown at another address, or over the other family alone, is closed here', async t => {
	const facts = factsWith([22, 8080, 9000], [8080, 9000], [show('inner', 8080, '10.0.0.5'), show('here', 9000, '203.0.113.7')]);
	const claims = await seen(facts, [22, 9000]);
	t.like(claims['port-8080-v4'], {holds: true, says: 'port 8080 (inner on 10.0.0.5, says Docker) is closed from where you sit, over IPv4', expected: 'closed: nothing shows it there'});
	t.like(claims['port-9000-v4'], {holds: true, expected: 'open: the firewall\'s list has it'});
	t.like(claims['port-9000-v6'], {holds: false, expected: 'closed: nothing shows it there'});
});

test('what is for the server itself is not knocked at', async t => {
	t.deepEqual(Object.keys(await seen(factsWith([22], [], [show('db', 5432, '127.0.0.1')]), [22])), ['port-22-v4', 'port-22-v6']);
});

test('Docker is not asked where there is none to be had', t => {
	for (const system of everySystem) {
		const {docker} = step.look(contextOn(system, {}));
		t.is(docker.length, system.docker ? 1 : 0, system.name);
	}
});
