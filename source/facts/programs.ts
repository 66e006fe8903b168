/** Programs that listen on servers, for somebody who never heard of them. */
const words: Readonly<Record<string, string>> = {
	sshd: 'which lets you in',
	mysqld: 'a database',
	mariadbd: 'a database',
	postgres: 'a database',
	mongod: 'a database',
	'redis-server': 'a database',
	nginx: 'a web server',
	apache2: 'a web server',
	caddy: 'a web server',
	java: 'a program in Java',
	python3: 'a program in Python',
	node: 'a program in JavaScript',
	master: 'which sends mail',
	exim4: 'which sends mail',
};

/** A program, and what it is where that is known. */
export const inPlainWords = (program: string): string => Object.hasOwn(words, program) ? `${program}, ${words[program]!}` : program;
