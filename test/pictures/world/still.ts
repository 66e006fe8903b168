/** Loaded before the program: a world in which it looks the same at every start. */
await import('./chance.js');
await import('./clock.js');
await import('./place.js');
