/** The traps that Docker sets, walked into at the prompt on the practice droplet and closed in the wizard. */
import test, {type ExecutionContext} from 'ava';
import {byEnterAlone} from './hands.js';
import {
	emptyHome, enter, environment, hurried, travel, type Journey,
} from './terminal.js';

const droplet = ['practice', 'debian-13'] as const;
const docker = 'docker-behind-firewall,containers-reach-out,seen-from-outside';

/** Lines typed one after another at the droplet's prompt. Returns all that stood there. */
const types = async (t: ExecutionContext, home: string, ...lines: readonly string[]): Promise<string> => {
	const prompt = travel(['prompt', ...droplet, '--plain'], environment(home, hurried));
	for (const line of [...lines, 'exit']) {
		await prompt.until(/^ root@practice:~#$/m);
		prompt.press(`${line}${enter}`);
	}

	const {code, text} = await prompt.ended();
	t.is(code, 0, text);
	return text;
};

const open = (home: string, steps: string): Journey => travel([...droplet, '--steps', steps], environment(home, hurried));
const goes = async (t: ExecutionContext, home: string, steps: string): Promise<string> => {
	const journey = open(home, steps);
	await byEnterAlone(journey);
	const {code, text} = await journey.ended();
	t.is(code, 0, text);
	return text;
};

test('what Docker publishes is found past the firewall, and closed; what a restart cut off is mended', async t => {
	t.timeout(240_000);
	const home = await emptyHome();
	await goes(t, home, 'admin-user,firewall,docker');
	await types(t, home, 'docker network create sites', 'docker run -d --restart always --name web --network sites -p 8000:80 nginx', 'docker run -d --restart always --name other --network sites nginx');

	const looking = travel(['check', droplet.join(':'), '--steps', docker, '--plain'], environment(home, hurried));
	const {code, text: found} = await looking.ended();
	t.is(code, 1);
	t.regex(found, /port 8000 \(web on all addresses, says Docker\) is closed from where you\s+sit,\s+over IPv4\s[\s\S]*it answers:\s+Docker lets it in\s+past the firewall/);

	const closed = await goes(t, home, docker);
	t.regex(closed, /✔ Docker goes through the firewall[\s\S]*✔ Containers reach out[\s\S]*✔ Seen from outside/);

	// What the story's author did, and the restart that brought it to light.
	const calls = 'docker exec other curl -sS -m 3 http://web/';
	const cutOff = await types(t, home, calls, 'echo \'{"live-restore": true, "iptables": false}\' > /etc/docker/daemon.json', 'systemctl restart docker', calls, 'reboot', calls);
	t.regex(cutOff, /(?:container web answered\.[\s\S]*){2}reboot[\s\S]*curl: \(28\)/);
	await goes(t, home, `docker,${docker}`);
	t.regex(await types(t, home, calls), /container web answered\./);
});
