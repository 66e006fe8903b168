# The firewall's rules in the kernel, as they were at arming and made so again. Only what is ufw's is touched: its chains, the jumps to them, and the policies of the built-in chains. Each table changes at once, so no connection meets half of it.

save_rules() {
	for family in '' 6; do
		has "ip${family}tables-save" || continue
		"ip${family}tables-save" >"$guard/rules$family.new" 2>/dev/null || continue
		store "$guard/rules$family" <"$guard/rules$family.new"
		rm -f "$guard/rules$family.new"
	done
}

rules_back() {
	for family in '' 6; do
		[ -f "$guard/rules$family" ] || continue
		"ip${family}tables-save" >"$guard/rules$family.now" 2>/dev/null || continue
		rules_between "$guard/rules$family" "$guard/rules$family.now" >"$guard/rules$family.change"
		[ -s "$guard/rules$family.change" ] || continue
		# a chain that others jump to cannot go: then all but that
		"ip${family}tables-restore" -n <"$guard/rules$family.change" ||
			grep -v '^-X' "$guard/rules$family.change" | "ip${family}tables-restore" -n
	done
}

# Prints what makes the rules of $2 those of $1, for iptables-restore -n; nothing where they are the same.
rules_between() {
	awk '
		function own(c) { return c ~ /^ufw6?-/ }
		function jump(r) { return r ~ / -[jg] ufw6?-/ }
		/^\*/ { t = substr($1, 2); if (!(t in table)) { table[t] = 1; order[++tables] = t } }
		/^:/ { c = substr($1, 2); policy[file, t, c] = $2; if (!((t, c) in seen)) { seen[t, c] = 1; chain[t, ++chains[t]] = c } }
		/^-A / {
			c = $2; rule[file, t, c, ++count[file, t, c]] = $0; all[file, t, c] = all[file, t, c] $0 "\n"
			if (jump($0)) jumps[file, t, c] = jumps[file, t, c] $0 "\n"
			else if (!balance[t, c, $0] && file == 2) strange[t, c] = 1
			else if (file == 1) { balance[t, c, $0]++; open[t, c]++ } else { balance[t, c, $0]--; open[t, c]-- }
		}
		END {
			for (i = 1; i <= tables; i++) {
				t = order[i]; declared = ""; removed = ""; added = ""; gone = ""
				for (j = 1; j <= chains[t]; j++) {
					c = chain[t, j]; was = policy[1, t, c]; is = policy[2, t, c]
					if (own(c)) {
						if (was == "") { removed = removed "-F " c "\n"; gone = gone "-X " c "\n" }
						else if (is == "" || all[1, t, c] != all[2, t, c]) { declared = declared ":" c " - [0:0]\n"; added = added all[1, t, c] }
						continue
					}
					if (is == "" || is == "-") continue
					if (was == "") was = "ACCEPT"
					if (was != is) declared = declared ":" c " " was " [0:0]\n"
					# the same rules beside the jumps, in whatever order: then all as it was; else what is not ours stays
					if (!strange[t, c] && !open[t, c]) {
						if (all[1, t, c] != all[2, t, c]) { removed = removed "-F " c "\n"; added = added all[1, t, c] }
						continue
					}
					if (jumps[1, t, c] == jumps[2, t, c]) continue
					for (k = 1; k <= count[2, t, c]; k++) if (jump(rule[2, t, c, k])) { r = rule[2, t, c, k]; sub(/^-A/, "-D", r); removed = removed r "\n" }
					added = added jumps[1, t, c]
				}
				if (declared removed added gone != "") printf "*%s\n%s%s%s%sCOMMIT\n", t, declared, removed, added, gone
			}
		}
	' file=1 "$1" file=2 "$2"
}
