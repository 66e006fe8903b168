/**
What the machine below the program is told before the rest is loaded.
*/
import module from 'node:module';
import {fileURLToPath} from 'node:url';
import v8 from 'node:v8';

// What V8 made of the code is kept beside it, and the next start is faster. There it is as trusted as the code itself, which a folder that all may write to is not; where it cannot be written, nothing is kept. Node 22.0 has none.
module.enableCompileCache?.(fileURLToPath(new URL('../.compiled/', import.meta.url)));

// Drawing makes much that is soon thrown away, for which V8 would make more and more room: to the wizard's finish 140 MB in place of 115.
v8.setFlagsFromString('--semi-space-growth-factor=1');
