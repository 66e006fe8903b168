/** A practice droplet that an earlier version of this program left. */
import {readdirSync, readFileSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import test from 'ava';
import type {Droplet} from '../../source/practice/state.js';
import {scene} from './scene.js';

test('Docker that ran when no container could be has its bridge, and runs them now', async t => {
	const here = await scene();
	await here.run('apt-get', '-q', '-y', 'install', 'docker.io', 'docker-cli');
	const newest = Math.max(...readdirSync(here.directory).map(name => Number(/^droplet-(\d+)\.json$/v.exec(name)?.[1] ?? 0)));
	const droplet = JSON.parse(readFileSync(path.join(here.directory, `droplet-${newest}.json`), 'utf8')) as Droplet;
	const {settings, starts} = droplet.docker!;
	writeFileSync(path.join(here.directory, `droplet-${newest + 1}.json`), JSON.stringify({...droplet, docker: {settings, starts}}));
	t.regex(await here.ask('ip', '-o', 'link', 'show', 'type', 'bridge'), /^3: docker0: /);
	t.is((await here.run('docker', 'run', '-d', '--name', 'web', 'nginx')).code, 0);
	t.is(await here.ask('docker', 'ps', '--format', '{{.Names}}'), 'web\n');
});

test('its rules are found where they were, and those that a guard kept too', async t => {
	const here = await scene('ubuntu-14.04');
	await here.run('iptables', '-P', 'INPUT', 'DROP');
	await here.run('iptables', '-A', 'INPUT', '-p', 'tcp', '--dport', '22', '-j', 'ACCEPT');
	const newest = Math.max(...readdirSync(here.directory).map(name => Number(/^droplet-(\d+)\.json$/v.exec(name)?.[1] ?? 0)));
	const fileOf = (version: number): string => path.join(here.directory, `droplet-${version}.json`);
	const droplet = JSON.parse(readFileSync(fileOf(newest), 'utf8')) as Droplet;
	const {v4, v6} = droplet.netfilter;
	const rules = {v4: v4.filter, v6: v6.filter};
	writeFileSync(fileOf(newest + 1), JSON.stringify({
		...droplet, format: 1, netfilter: rules, guard: {id: 'old', seconds: 90, until: here.clock.now() + 90_000, bootId: droplet.boot.id, rules, running: [], waysBack: [], state: 'armed'},
	}));
	const policy = async (): Promise<string> => (await here.ask('iptables', '-S', 'INPUT')).split('\n')[0]!;
	t.is(await here.ask('iptables', '-S', 'INPUT'), '-P INPUT DROP\n-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT\n');
	await here.run('iptables', '-P', 'INPUT', 'ACCEPT');
	t.is(await policy(), '-P INPUT ACCEPT');
	here.clock.pass(100);
	t.is(await policy(), '-P INPUT DROP');
});
