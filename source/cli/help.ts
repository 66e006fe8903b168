/** What `dropwise --help` prints. */
export const help = `
 dropwise   a droplet (a rented server), set up one drop at a time

   dropwise                       practise, connect, or go on where you stopped
   dropwise [user@]host[:port]    the wizard on that server
   dropwise practice [level]      the wizard on the built-in practice droplet
   dropwise prompt practice       type on the practice droplet yourself
   dropwise check SERVER…         look only
   dropwise plan SERVER…          what would be done, command by command
   dropwise apply SERVER… --yes   do it without questions
   dropwise undo SERVER STEP      put back what a step changed

 SERVER is an address as above, or practice.

   -i FILE                        the private key to log in with
   --password-file FILE           the password, in a file; - is standard input
   --sudo-password-file FILE      the same for sudo
   --passphrase-file FILE         the same for the private key
   --host-key SHA256:…            the server's fingerprint, the first time
   --answers FILE                 answers by step, for example
                                  {"admin-user": {"name": "ada"}}
   --steps a,b                    only these steps
   --yes                          ask nothing
   --strict                       an unknown makes the exit code 1
   --json                         one event a line
   --plain, --no-color            nothing that moves; no colour
   --state-dir DIR                where the record is kept
   --version, --help

 Exit codes: 0 nothing is false, 1 something does not hold or failed, 2 not
 understood, 3 cannot connect or the host key differs, 4 another run holds the
 server, 130 interrupted.
`.slice(1);
