/*
The lab: real droplets booted on this machine, so that tests can try everything on real systems. This is its face; the other files are how it works.
*/
export {type DelayingProxy, delayingProxy} from './delaying-proxy.js';
export {downAll} from './down-all.js';
export {Droplet, type Neighbour} from './droplet.js';
export {type ExecOptions} from './inside.js';
export {type Result} from './command.js';
export {LabUnavailable, requirements} from './requirements.js';
export {type Release} from './record.js';
export {
	find, list, neighbour, up, type Wanted,
} from './up.js';
