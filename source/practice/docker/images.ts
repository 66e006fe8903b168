import {NotModelled} from '../state.js';

/** The images that the practice droplet can fetch: what they run, and how far that goes. */
export type Image = {
	/** What it runs unless told otherwise. */
	readonly command: string;
	/** The ports on which that listens; none: it ends at once. */
	readonly listens: readonly number[];
	/** Programs to call with that can be run in it. */
	readonly tools: readonly string[];
	/** Without a variable like this it gives up. */
	readonly wants?: RegExp;
	/** What it says before it ends. */
	readonly says?: string;
};

const database = {tools: [], command: 'docker-entrypoint.sh'} as const;
const small = {tools: ['wget'], listens: []} as const;

const images: Readonly<Record<string, Image>> = {
	nginx: {command: '/docker-entrypoint.sh nginx -g \'daemon off;\'', listens: [80], tools: ['curl']},
	httpd: {command: 'httpd-foreground', listens: [80], tools: []},
	redis: {...database, command: 'docker-entrypoint.sh redis-server', listens: [6379]},
	mysql: {
		...database, command: 'docker-entrypoint.sh mysqld', listens: [3306, 33_060], wants: /^MYSQL_(?:ROOT_PASSWORD|ALLOW_EMPTY_PASSWORD|RANDOM_ROOT_PASSWORD)=./v,
	},
	mariadb: {
		...database, command: 'docker-entrypoint.sh mariadbd', listens: [3306], wants: /^(?:MARIADB|MYSQL)_(?:ROOT_PASSWORD|ALLOW_EMPTY_(?:ROOT_)?PASSWORD|RANDOM_ROOT_PASSWORD)=./v,
	},
	postgres: {
		...database, command: 'docker-entrypoint.sh postgres', listens: [5432], wants: /^POSTGRES_(?:PASSWORD|HOST_AUTH_METHOD)=./v,
	},
	'portainer/portainer-ce': {command: '/portainer', listens: [8000, 9000, 9443], tools: []},
	alpine: {...small, command: '/bin/sh'},
	busybox: {...small, command: 'sh'},
	'hello-world': {
		command: '/hello', listens: [], tools: [], says: '\nHello from Docker!\nThis message shows that your installation appears to be working correctly.\n',
	},
};

/** The name of an image without its place and its tag. */
const plain = (named: string): string => named.replace(/^(?:docker\.io\/)?(?:library\/)?/v, '').replace(/:[^\/:]+$/v, '');

/** As it is kept: with a tag. */
export const tagged = (named: string): string => (/:[^\/:]+$/v.test(named) ? named : `${named}:latest`);

/** Which versions there are is not modelled: these are taken for one that is. */
const tags = /^(?:latest|stable|lts|alpine|\d+(?:\.\d+)*(?:-alpine)?)$/v;

/** An image by its name. One that is not modelled is a gap. */
export const imageNamed = (named: string): Image => {
	const name = plain(named);
	const tag = /:(?<tag>[^\/:]+)$/v.exec(named)?.groups?.['tag'] ?? 'latest';
	if (!tags.test(tag)) {
		throw new NotModelled(`the tag ${tag}`, 'Of an image it knows the latest, numbers such as nginx:1.29, and nginx:alpine.');
	}

	if (!Object.hasOwn(images, name)) {
		throw new NotModelled(`the image ${named}`, `It can fetch these images: ${Object.keys(images).join(', ')}.`);
	}

	return images[name]!;
};
