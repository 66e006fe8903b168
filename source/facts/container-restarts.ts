/** Which containers come back by themselves when the server restarts. */
import type {Fact} from '../step.js';
import {runningContainers, whereItRuns} from './docker.js';
import {Unreadable} from './files.js';

/** The names of containers that run; none where Docker does not run. */
export const runningNames: Fact<readonly string[]> = {
	...runningContainers,
	parse: reading => runningContainers.parse(reading)?.map(({name}) => name) ?? [],
};

/** Docker starts these when it starts itself. `on-failure` is not among them: the server's own end is no failure of theirs. */
const comesBack: ReadonlySet<string> = new Set(['always', 'unless-stopped']);

/** Of these containers the names of those that stay away after a restart. One that ended meanwhile is left out. */
export const stayingAway = (names: readonly string[]): Fact<readonly string[]> => ({
	argv: whereItRuns('docker', 'inspect', '--type', 'container', '--format', '{{.Name}} {{.HostConfig.RestartPolicy.Name}}', ...names),
	seconds: 10,
	parse({outcome, out, err}) {
		if (outcome !== 'ran' || (out === '' && err !== '')) {
			throw new Unreadable(`Docker did not tell which containers it starts by itself: ${err.trim() || outcome}`);
		}

		return out.split('\n').filter(Boolean).map(line => line.split(' ')).flatMap(([name = '', policy = '']) => comesBack.has(policy) ? [] : [name.replace(/^\//, '')]);
	},
});
