/** Containers on a droplet: an image of what the droplet itself has, and programs that listen in it. Nothing is fetched for it but Docker. */
import type {Droplet} from '../lab/lab.js';

/** Says hello to whoever comes, by address. What was asked is read first: else closing would look like a failure. It ends when told to: the first process of a container otherwise would not, and a reboot would wait for it. */
const web = `use IO::Socket::IP;
%SIG = (%SIG, TERM => sub { exit });
my @rest = (LocalPort => 80, Listen => 64, ReuseAddr => 1);
my $socket = IO::Socket::IP->new(LocalHost => '::', V6Only => 0, @rest) // IO::Socket::IP->new(LocalHost => '0.0.0.0', @rest) // die $@;
while (my $caller = $socket->accept) {
	sysread $caller, my $request, 4096;
	my $from = $caller->peerhost;
	print $caller "HTTP/1.0 200 OK\\r\\n\\r\\nhello $from\\n";
	close $caller;
}
`;
/** Ends well if it gets through: perl /through ADDRESS PORT. */
const through = `use IO::Socket::INET;
exit(IO::Socket::INET->new(PeerAddr => $ARGV[0], PeerPort => $ARGV[1], Timeout => 3) ? 0 : 1);
`;

/** Makes the image `lab`: perl with its libraries, and the two programs. */
export const makeImage = async (droplet: Droplet): Promise<void> => {
	await droplet.write('/opt/lab/web', web);
	await droplet.write('/opt/lab/through', through);
	const libraries = [...(await droplet.must(['ldd', '/usr/bin/perl'])).matchAll(/(\/\S+) \(/g)].map(([, file]) => file!);
	const modules = (await droplet.must(['find', '/usr/lib', '-maxdepth', '2', '-name', 'perl-base'])).trim();
	await droplet.must(['tar', '--create', '--file=/opt/lab/image.tar', '--dereference', '--absolute-names', '--transform=s,^/*,,', '/usr/bin/perl', '/opt/lab/web', '/opt/lab/through', '/etc/protocols', '/etc/services', modules, ...libraries]);
	await droplet.must(['docker', 'import', '/opt/lab/image.tar', 'lab']);
};

/** Runs a container that listens on its port 80 and comes back with Docker. `options` as for `docker run`: what it publishes, its network. */
export const runWeb = async (droplet: Droplet, name: string, ...options: readonly string[]): Promise<void> => {
	await droplet.must(['docker', 'run', '--detach', '--restart', 'always', '--name', name, ...options, 'lab', '/usr/bin/perl', '/opt/lab/web']);
};

/** Whether a container gets through to an address or a name, and a port. */
export const getsThrough = async (droplet: Droplet, from: string, to: string, port: number): Promise<boolean> =>
	(await droplet.exec(['docker', 'exec', from, '/usr/bin/perl', '/opt/lab/through', to, String(port)])).code === 0;

/** What a column of measurements is about: the system, its Docker, and the recipe by which that is behind the firewall. */
export const columnOf = async (droplet: Droplet, recipe: string): Promise<string> => {
	const version = (await droplet.must(['docker', 'version', '--format', '{{.Server.Version}}'])).split('.').slice(0, 2).join('.');
	return `${droplet.release === 'bookworm' ? 'Debian 12' : 'Debian 13'}, Docker ${version}, ${recipe}`;
};

/** The address of a container in its first network. */
export const addressIn = async (droplet: Droplet, name: string): Promise<string> =>
	(await droplet.must(['docker', 'inspect', '--format', '{{range .NetworkSettings.Networks}}{{.IPAddress}} {{end}}', name])).trim().split(' ')[0]!;

/** The address that a container sees of who calls it: of this machine. */
export const callerSeen = async (address: string, port: number): Promise<string | undefined> => {
	const said = await fetch(`http://${address}:${port}/`, {signal: AbortSignal.timeout(5000)}).then(async response => response.text());
	return /^hello (?:::ffff:)?(\S+)/.exec(said)?.[1];
};

/** Lets a neighbour send packets straight to what lies behind a droplet, as anybody on the same network can: to its containers' addresses, and to 127.0.0.1 as the droplet sees it. */
export const routesTo = async (other: Pick<Droplet, 'must'>, droplet: Droplet): Promise<void> => {
	await other.must(['ip', 'route', 'replace', '172.16.0.0/12', 'via', droplet.address]);
	await other.must(['ip', 'route', 'replace', 'table', '7', '127.0.0.1', 'via', droplet.address]);
	await other.must(['ip', 'rule', 'add', 'pref', '0', 'to', '127.0.0.1', 'lookup', '7']);
	await other.must(['ip', 'rule', 'add', 'pref', '1', 'lookup', 'local']);
	await other.must(['ip', 'rule', 'del', 'pref', '0', 'lookup', 'local']);
	await other.must(['sysctl', '-qw', 'net.ipv4.conf.all.route_localnet=1']);
};
