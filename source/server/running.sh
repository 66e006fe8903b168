# What runs and listens on the server when a guard is armed, and what of that a revert did not bring back.

# Prints the units that run, or under upstart the jobs, one a line.
running() {
	if [ -d "$root/run/systemd/system" ]; then
		systemctl list-units --plain --no-legend --no-pager --type=service,socket --state=active 2>/dev/null | while read -r one rest; do echo "$one"; done
	elif has initctl; then
		initctl list 2>/dev/null | while read -r one status rest; do
			case $status in start/running*) echo "$one" ;; esac
		done
	fi
}

# Whether something listens on TCP port $1.
listens() {
	for table in tcp tcp6; do
		[ ! -f "$proc/net/$table" ] || ! awk -v port="$(printf ':%04X$' "$1")" '$4 == "0A" && $2 ~ port { found = 1 } END { exit !found }' "$proc/net/$table" || return 0
	done
	return 1
}

# Notes what runs, and whether SSH is there on port $1.
save_running() {
	running | store "$guard/running"
	rm -f "$guard/port"
	! listens "$1" || echo "$1" | store "$guard/port"
}

# Whether the unit $1 is one that orders under the guard could have ended: SSH's, one that they name, or a socket, which whoever takes its port stops.
concerns() {
	case $1 in
		ssh.* | sshd.* | ssh | *.socket) ;;
		*) grep -qxF -e "${1%.service}" -e "$1" "$guard"/entry.* 2>/dev/null ;;
	esac
}

# Prints the units that ran and run no more.
gone() {
	[ -f "$guard/running" ] || return
	running >"$guard/running.now"
	while read -r one; do
		grep -qxF -e "$one" "$guard/running.now" || ! concerns "$one" || echo "$one"
	done <"$guard/running"
}

# Starts what ran and runs no more, of how many starts systemd may be tired.
start_ended() {
	word=start
	gone >"$guard/gone"
	while read -r one; do
		if [ -d "$root/run/systemd/system" ]; then
			call systemctl reset-failed "$one"
			call systemctl start "$one"
		else
			call service "$one" start
		fi
	done <"$guard/gone"
}

# Whether the path $1 has the content $2, and mode $3 and owner $4.
stands_as() {
	resolve "$1"
	if [ "$2" = absent ] || [ "$what" != 'file' ]; then
		[ "$2" = absent ] && [ "$what" = absent ]
	else
		hash_of "$target" && [ "$hash" = "$2" ] && [ "$(stat -c '%a %u:%g' -- "$target")" = "$3 $4" ]
	fi
}

# Prints what is not as it was when the guard was armed, one a line: a file, the rules of a family, a unit, a port.
amiss() {
	# of each file as the first order that changed it found it
	for entry in "$guard"/entry.*; do
		[ ! -f "$entry" ] || grep '^file ' "$entry"
	done | awk '{ path = $0; sub(/^file [^ ]* [^ ]* [^ ]* /, "", path) } !seen[path]++' >"$guard/files"
	while read -r word want mode numbers path; do
		decode "$path"
		stands_as "$value" "$want" "$mode" "$numbers" || echo "file $path"
	done <"$guard/files"
	[ -z "$early" ] || return
	for family in '' 6; do
		[ -f "$guard/rules$family" ] && "ip${family}tables-save" >"$guard/rules$family.now" 2>/dev/null || continue
		[ -z "$(rules_between "$guard/rules$family" "$guard/rules$family.now")" ] || echo "rules ${family:-4}"
	done
	gone | while read -r one; do echo "unit $one"; done
	if [ -f "$guard/port" ] && read -r port <"$guard/port" && ! listens "$port"; then echo "port $port"; fi
}

# The same, once what was started, or told to read its settings again, has had time to.
amiss_at_last() {
	amiss >"$guard/amiss" 2>/dev/null
	for wait in 1 2 3 4 5 6 7 8; do
		grep -q -e '^unit' -e '^port' "$guard/amiss" || return
		sleep 1
		amiss >"$guard/amiss" 2>/dev/null
	done
}
