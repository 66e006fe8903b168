import {
	notModelled,
	options,
	says,
	type Answer,
	type Call,
	type CommandSet,
} from './command.js';

/** Not installed, and yet known to dpkg: a package that is there suggests it, or says that it cannot be beside it. */
const mentionedBy: Readonly<Record<string, string>> = {ufw: 'openssh-server', 'docker-ce': 'docker.io'};

const sorted = (names: readonly string[]): string[] => names.toSorted((a, b) => (a < b ? -1 : 1));

const statusOf = ({droplet: {packages, removed}}: Call, name: string): Record<string, string> => {
	if (Object.hasOwn(packages, name)) {
		return {Status: 'install ok installed', 'db:Status-Abbrev': 'ii '};
	}

	return Object.hasOwn(removed, name)
		? {Status: 'deinstall ok config-files', 'db:Status-Abbrev': 'rc '}
		: {Status: 'unknown ok not-installed', 'db:Status-Abbrev': 'un '};
};

const dpkgQuery = (call: Call): Answer => {
	const {has, value, rest} = options(call, ['-W', '--show', '-l'], ['-f', '--showformat']);
	if (!has('-W', '--show')) {
		return notModelled(call);
	}

	const format = value('-f', '--showformat') ?? ['$', '{Package}', String.raw`\t`, '$', '{Version}', String.raw`\n`].join('');
	const {packages, removed} = call.droplet;
	const found = rest.filter(name => Object.hasOwn(packages, name) || Object.hasOwn(removed, name) || Object.hasOwn(packages, mentionedBy[name] ?? ''));
	const fields = (name: string): Record<string, string> => ({
		Package: name,
		'binary:Package': name,
		Version: packages[name] ?? removed[name] ?? '',
		...statusOf(call, name),
	});
	const shown = sorted(rest.length === 0 ? Object.keys(packages) : found).map(name => format.replaceAll(/\$\{([^\}]+)\}/gv, (_, field: string) => fields(name)[field] ?? notModelled(call)).replaceAll(String.raw`\n`, '\n').replaceAll(String.raw`\t`, '\t')).join('');
	const missing = rest.filter(name => !found.includes(name));
	const said = [
		...(shown === '' ? [] : [{stream: 'out', text: shown} as const]),
		...missing.map(name => ({stream: 'err', text: `dpkg-query: no packages found matching ${name}\n`} as const)),
	];
	return {code: missing.length > 0 ? 1 : 0, said};
};

const unpackedSays = `The following packages have been unpacked but not yet configured.
They must be configured using dpkg --configure or the configure
menu option in dselect for them to work:
`;

const audit = ({droplet: {unpacked = []}}: Call): Answer =>
	says(unpacked.length === 0 ? '' : `${unpackedSays}${unpacked.map(name => ` ${name.padEnd(20)} (no description available)\n`).join('')}\n`);

const configure = (call: Call): Answer => {
	const {droplet} = call;
	const all = droplet.unpacked ?? [];
	droplet.unpacked = [];
	return says(all.map(name => `Setting up ${name} (${droplet.packages[name] ?? ''}) ...\n`).join(''), 0.3);
};

const dpkg = (call: Call): Answer => {
	const known: Record<string, () => Answer> = {
		'--print-architecture': () => says('amd64\n'),
		'--audit': () => audit(call),
		'--force-confold --configure -a': () => configure(call),
	};
	const words = call.args.join(' ');
	return Object.hasOwn(known, words) ? known[words]!() : notModelled(call);
};

export const dpkgCommands: CommandSet = {
	commands: {'dpkg-query': dpkgQuery, dpkg},
};
