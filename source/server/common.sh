# What the carrier and the revert have in common. Written for dash 0.5.7 and later, and for bash as sh.
# DROPWISE_ROOT and DROPWISE_PATH are for tests alone: a scratch directory, and stubs.

root=${DROPWISE_ROOT-}
PATH=${DROPWISE_PATH-/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin}
LC_ALL=C
HOME=/root USER=root LOGNAME=root SHELL=/bin/sh
export PATH LC_ALL HOME USER LOGNAME SHELL
unset LANG LANGUAGE CDPATH ENV BASH_ENV SUDO_COMMAND SUDO_USER SUDO_UID SUDO_GID SSH_CLIENT SSH_TTY SSH_AUTH_SOCK
umask 077
# shellcheck disable=SC2034
newline='
'
run=$root/run/dropwise
state=$root/var/lib/dropwise
guard=$state/guard
proc=/proc
[ -z "$root" ] || [ ! -d "$root/proc" ] || proc=$root/proc

# Sets $now to whole seconds since boot, and $ticks to hundredths. No change of the clock touches them.
tell_time() {
	read -r ticks now <"$proc/uptime"
	now=${ticks%.*}
	ticks=${now}${ticks#*.}
	ticks=${ticks#0}
}

# Sets $boot to the id of this boot.
tell_boot() {
	read -r boot <"$proc/sys/kernel/random/boot_id"
}

# Sets $value to what the line $1 says. Lines are ASCII; every other byte is \0ooo in them.
decode() {
	value=$1
	case $value in
		*\\*)
			value=$(printf '%b.' "$1")
			value=${value%.}
			;;
	esac
}

# Sets $found to the program that PATH has for the name $1. Builtins and functions do not count.
has() {
	found=
	case $1 in
		'') return 1 ;;
		*/*)
			found=$1
			[ -f "$found" ] && [ -x "$found" ]
			return
			;;
	esac
	rest=$PATH:
	while [ -n "$rest" ]; do
		found=${rest%%:*}/$1
		rest=${rest#*:}
		[ ! -f "$found" ] || [ ! -x "$found" ] || return 0
	done
	return 1
}

# Runs the rest under the one lock that the lease, the guard and its timer share.
locked() {
	mkdir -p "$run"
	(
		flock -w 20 9 || exit 99
		"$@"
	) 9>"$run/lock"
}

# Starts a program in a session of its own, which ends neither with a connection nor with sshd: launch UNIT COMMAND...
launch() {
	called=$1
	shift
	if [ -d "$root/run/systemd/system" ] && has systemd-run; then
		timeout 15 systemd-run --quiet --unit="$called" --description="dropwise: $called" -p KillMode=process -- "$@" </dev/null >/dev/null 2>&1 && return
	fi
	(setsid "$@" </dev/null >/dev/null 2>&1 9>&- &)
}
