# What runs an order's command, detached: sh carrier run ID. Whoever makes the folder `begun` first may run it, so it never runs twice.

runner() {
	order=$run/orders/$1
	exec 9>"$order/alive"
	flock -w 20 9 || exit 1
	mkdir "$order/begun" || exit 0
	exec 3</dev/null
	if [ -f "$order/input" ]; then
		exec 3<"$order/input"
		rm -f "$order/input"
	fi
	set --
	while read -r line; do
		decode "$line"
		set -- "$@" "$value"
	done <"$order/argv"
	cd / || exit 1
	if ! has "$1"; then
		finish "$order" no-such-command 127
		exit 0
	fi
	first=$found
	shift
	# the group is told so that a guard that fires can end it
	echo $$ >"$order/group"
	umask 022
	"$first" "$@" <&3 >>"$order/out" 2>>"$order/err" 3<&- 9>&-
	code=$?
	umask 077
	finish "$order" ran "$code"
}
