/** The person's own folder, as they write it. */
import {homedir} from 'node:os';
import path from 'node:path';

export const expandHome = (file: string): string => file === '~' || file.startsWith('~/') ? path.join(homedir(), file.slice(1)) : file;
export const shorten = (file: string): string => file.startsWith(`${homedir()}/`) ? `~${file.slice(homedir().length)}` : file;
