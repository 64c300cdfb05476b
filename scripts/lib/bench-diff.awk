# SPDX-License-Identifier: GPL-2.0-only
# Reads lines WHICH KERNEL CLOCK FILE row …, where WHICH is old or new, and compares:
# scripts/bench-diff. Variable every: also print what is not worse.

{
	key = $2 " " $3 " " $4 " " $7 ", order " $9 " × " $10
	if (!((key, $1) in rounds) && !(key in known)) {
		known[key] = 1
		keys[++nr] = key
		clock[key] = $3
	}
	i = ++rounds[key, $1]
	time[key, $1, i] = $15 / 1000
	got[key, $1] += $11
	if ($20 != "-") {
		stalled[key, $1] = 1
		stall[key, $1, i] = $20 / 1000
	}
}

function load(from, key, which,  n, i, j, x) {
	n = rounds[key, which]
	for (i = 1; i <= n; i++) {
		x = from[key, which, i]
		for (j = i - 1; j > 0 && v[j] > x; j--) v[j + 1] = v[j]
		v[j + 1] = x
	}
	return n
}
function part(n, p,  i) {
	i = int((n * p + 99) / 100)
	return v[i < 1 ? 1 : i]
}
# What two medians may differ by without meaning anything.
function noise(key, a, na, spread_a, b, nb, spread_b,  x) {
	if (clock[key] == "icount") return 0.02 * a
	if (na < 4 || nb < 4) return 0.5 * a
	x = spread_a > spread_b ? spread_a : spread_b
	return x > 0.1 * a ? x : 0.1 * a
}
function say(verdict, key, what, a, b, limit) {
	if (verdict == "worse") worse++
	if (verdict == "better") better++
	compared++
	if (verdict == "worse" || every)
		printf "%-6s %s: %s %.4g ms, was %.4g (%+.1f %%, noise %.1f %%)\n", verdict, key, what, b, a,
			a ? 100 * (b - a) / a : 0, a ? 100 * limit / a : 0
}
function medians(from, key, what,  a, b, na, nb, sa, sb, limit) {
	na = load(from, key, "old")
	a = part(na, 50)
	sa = part(na, 75) - part(na, 25)
	nb = load(from, key, "new")
	b = part(nb, 50)
	sb = part(nb, 75) - part(nb, 25)
	limit = noise(key, a, na, sa, b, nb, sb)
	say(b > a + limit ? "worse" : b < a - limit ? "better" : "same", key, what, a, b, limit)
}
# A request that gets less is worse, however fast that is. Where time is the host's,
# one chunk in a hundred may be luck.
function yields(key,  a, b) {
	a = got[key, "old"] / rounds[key, "old"]
	b = got[key, "new"] / rounds[key, "new"]
	if (b >= a * (clock[key] == "icount" ? 1 : 0.99)) return
	worse++
	printf "worse  %s: obtains %d chunks, was %d\n", key, b, a
}

END {
	for (k = 1; k <= nr; k++) {
		key = keys[k]
		if (!((key, "old") in rounds) || !((key, "new") in rounds)) {
			lone[(key, "old") in rounds ? "old" : "new"]++
			if (every) printf "only in the %s rows: %s\n", (key, "old") in rounds ? "old" : "new", key
			continue
		}
		both++
		if (key !~ / idle, /) {
			medians(time, key, "median")
			yields(key)
		}
		if (((key, "old") in stalled) && ((key, "new") in stalled) && key !~ / idle, /)
			medians(stall, key, "longest stall beside it")
	}
	printf "%d contenders and requests compared, %d figures worse, %d better; only old: %d, only new: %d\n",
		both, worse, better, lone["old"], lone["new"]
	if (!both) exit 2
	exit worse > 0
}
