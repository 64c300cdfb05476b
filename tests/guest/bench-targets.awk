# SPDX-License-Identifier: GPL-2.0-only
# Reads the rows of bench.sh, of one kernel and one clock, and compares what
# they say with what is promised. A line for each promise that the rows can
# tell about:
#   ok|miss TAB promise TAB measured
# Variable clock: icount or wall. Costs are medians.

$1 == "row" {
	key = $2 SUBSEP $3 SUBSEP $5 SUBSEP $6
	n = ++seen[key]
	time[key, n] = $11 + 0 # some awks would compare it as text later
	if (NF > 16 && $17 != "-") back[key, n] = $17 + 0
	all[key] = $6
	got[key] += $7
	can[key] += $8 < $6 ? $8 : $6
	least[key] += $9
	scan[key] += $12
	moved[key] += $15
	if (!($2 in request)) request[$2] = $5 SUBSEP $6
	if ($2 == "scale") scales[$6] = 1
	if ($2 ~ /^small-/ && !(($5, $6) in smalls)) {
		smalls[$5, $6] = ++nr_smalls
		small_order[nr_smalls] = $5
		small_count[nr_smalls] = $6
	}
}

function sort(v, n,  i, j, t) {
	for (i = 2; i <= n; i++) {
		t = v[i]
		for (j = i - 1; j > 0 && v[j] > t; j--) v[j + 1] = v[j]
		v[j + 1] = t
	}
}
function median(v, n) {
	sort(v, n)
	return v[int((n + 1) / 2)]
}
# The median, or for which=99 the 99th percentile.
function sorted(key, which,  n, i, v) {
	n = seen[key]
	for (i = 1; i <= n; i++) v[i] = time[key, i]
	sort(v, n)
	return which == 99 ? v[int((n * 99 + 99) / 100)] : v[int((n + 1) / 2)]
}
function key_of(scenario, who) { return scenario SUBSEP who SUBSEP request[scenario] }
function cost(scenario, who) { return sorted(key_of(scenario, who)) }
function has(scenario, who) { return key_of(scenario, who) in seen }

function verdict(good, promise, measured) {
	printf "%s\t%s\t%s\n", good ? "ok" : "miss", promise, measured
}
# At most LIMIT times what the other costs.
function at_most(scenario, who, other, limit, promise,  x) {
	if (!has(scenario, who) || !has(scenario, other)) return
	x = cost(scenario, who) / cost(scenario, other)
	verdict(x <= limit, promise, sprintf("%.3f", x))
}
# At least LIMIT times as fast.
function faster(scenario, who, other, limit, promise,  x) {
	if (!has(scenario, who) || !has(scenario, other)) return
	x = cost(scenario, other) / cost(scenario, who)
	verdict(x >= limit, promise, sprintf("%.1f", x))
}
# The same, for each chunk obtained.
function faster_each(scenario, who, other, limit, promise,  x, k, o) {
	if (!has(scenario, who) || !has(scenario, other)) return
	k = key_of(scenario, who)
	o = key_of(scenario, other)
	if (!got[o]) {
		verdict(got[k] > 0, promise, other " obtains nothing")
		return
	}
	x = (cost(scenario, other) / (got[o] / seen[o])) / (cost(scenario, who) / (got[k] / seen[k]))
	verdict(x >= limit, promise, sprintf("%.1f", x))
}
# A buffer of the heap, against what it consists of: chunks, and clearing them once.
function heap(  parts) {
	if (!has("heap", "buffer") || !has("heap", "memset")) return
	if (has("heap", "bulk")) {
		parts = cost("heap", "bulk") + cost("heap", "memset")
		verdict(cost("heap", "buffer") <= 1.15 * parts, "heap: a buffer costs at most 1.15 of bulk and one memset",
			sprintf("%.3f", cost("heap", "buffer") / parts))
	}
	if (has("heap", "cma_alloc")) {
		parts = cost("heap", "cma_alloc") + cost("heap", "memset")
		verdict(parts >= 5 * cost("heap", "buffer"), "heap: a buffer at least 5 times faster than cma_alloc and one memset",
			sprintf("%.1f", parts / cost("heap", "buffer")))
	}
}
# Of all requests made in that scene, also the one for every chunk.
function yield(scenario, who, limit,  k, part, x, least) {
	least = 2
	for (k in seen) {
		split(k, part, SUBSEP)
		if (part[1] != scenario || part[2] != who || !can[k]) continue
		x = got[k] / can[k]
		if (x < least) least = x
	}
	if (least < 2)
		verdict(least >= limit, sprintf("%s: %s obtains at least %.1f %% of what is possible", scenario, who, limit * 100),
			sprintf("%.2f %%", least * 100))
}
function scale(  c, k, x, low, high) {
	for (c in scales) {
		k = "scale" SUBSEP "bulk" SUBSEP 4 SUBSEP c
		x = sorted(k) / c
		if (!low || x < low) low = x
		if (x > high) high = x
	}
	if (high > low)
		verdict(high <= 1.2 * low, "scale: bulk's cost of a chunk is the same within 20 %", sprintf("%.1f to %.1f us", low, high))
}
# What a small request costs; nothing if it did not obtain all of it each time.
function small_cost(scene, who, i,  k) {
	k = scene SUBSEP who SUBSEP small_order[i] SUBSEP small_count[i]
	return k in seen && got[k] == seen[k] * all[k] ? sorted(k) : 0
}
function small_measured(scene, i) {
	return (scene SUBSEP "bulk" SUBSEP small_order[i] SUBSEP small_count[i]) in seen
}
# At most LIMIT times REFERENCE, which is 0 if there is nothing to compare with.
function small_verdict(scene, i, bulk, reference, limit, promise,  measured) {
	promise = sprintf("%s: order %d × %d costs bulk at most %s", scene, small_order[i], small_count[i], promise)
	if (!bulk)
		measured = "bulk does not obtain all"
	else if (!reference)
		measured = "nothing to compare with"
	else
		measured = sprintf("%.3f (%d us, %d us)", bulk / reference, bulk, reference)
	verdict(bulk && reference && bulk <= limit * reference, promise, measured)
}
function small_scene(scene,  i, single, other) {
	for (i = 1; i <= nr_smalls; i++) {
		if (!small_measured(scene, i)) continue
		single = small_cost(scene, "single", i)
		other = small_cost(scene, "cma_alloc", i)
		if (!other || single && single < other) other = single
		small_verdict(scene, i, small_cost(scene, "bulk", i), other, 1.15, "1.15 of the better of cma_alloc and single")
	}
}
function small_sizes(scene,  i) {
	for (i = 1; i <= nr_smalls; i++)
		if (small_measured(scene "-64", i) && small_measured(scene "-4096", i))
			small_verdict(scene, i, small_cost(scene "-4096", "bulk", i), small_cost(scene "-64", "bulk", i), 1.2,
				"1.2 in 4 GiB of the same in 64 MiB")
}
function small(  s, name) {
	split("small-free small-half", name, " ")
	for (s = 1; s <= 2; s++) small_scene(name[s])
	for (s = 1; s <= 2; s++) small_sizes(name[s])
}
# Giving back what a request got, in parts of what the request cost: the median.
function gives_back(scenario, who, limit, promise,  k, i, n, v, x) {
	if (!has(scenario, who)) return
	k = key_of(scenario, who)
	for (i = 1; i <= seen[k]; i++)
		if ((k, i) in back) v[++n] = back[k, i]
	if (!n) return
	x = median(v, n) / cost(scenario, who)
	verdict(x <= limit, promise, sprintf("%.3f", x))
}
function icount(  s, i, x, k) {
	at_most("free", "bulk", "single", 1.05, "free: bulk costs at most 1.05 of single")
	faster("free", "bulk", "cma_alloc", 14, "free: bulk at least 14 times faster than cma_alloc")
	if (has("free", "bulk")) {
		k = key_of("free", "bulk")
		x = scan[k] / seen[k] / cost("free", "bulk")
		verdict(x <= 0.06, "free: the scan is at most 6 % of the request", sprintf("%.1f %%", x * 100))
	}
	gives_back("free", "bulk", 0.5, "free: giving back costs bulk at most half of taking")
	if (has("half", "bulk")) {
		k = key_of("half", "bulk")
		verdict(moved[k] <= 1.05 * least[k], "half: bulk migrates at most 1.05 of the fewest pages possible",
			sprintf("%d, fewest %d", moved[k] / seen[k], least[k] / seen[k]))
	}
	at_most("half", "bulk", "linear", 1, "half: bulk never slower than linear")
	for (i = 25; i <= 50; i += 25) {
		s = "pins-" i
		faster_each(s, "bulk", "linear", 3, s ": bulk at least 3 times faster than linear for each chunk")
		faster_each(s, "bulk", "cma_alloc", 14, s ": bulk at least 14 times faster than cma_alloc")
		yield(s, "bulk", 0.995)
	}
	yield("pins-100", "bulk", 0.99)
	at_most("pins-100", "bulk-fast", "linear", 0.02, "pins-100: fast=1 returns in at most 2 % of the time in which linear fails")
	at_most("scattered", "bulk", "linear", 1.1, "scattered: bulk costs at most 1.1 of linear")
	scale()
	small()
	heap()
	faster("pool", "pool", "cma_alloc", 1000, "pool: 1,000 chunks at least 1,000 times faster than by cma_alloc")
	at_most("pool", "empty", "none", 1.02, "pool: beside an empty one a request costs at most 1.02 of one without a pool")
}
function wall(  s, i, x, name) {
	split("free half", name, " ")
	for (i = 1; i <= 2; i++) {
		s = name[i]
		faster(s, "bulk-2", "bulk-1", 1.6, s ": two workers at least 1.6 times faster than one")
		faster(s, "bulk-2", "single", 1.6, s ": two workers at least 1.6 times faster than single")
	}
	if (has("dirty", "bulk") && has("dirty", "cma_alloc")) {
		x = sorted(key_of("dirty", "bulk"), 99) / sorted(key_of("dirty", "cma_alloc"), 99)
		verdict(x <= 0.1, "dirty: p99 of bulk at most a tenth of that of cma_alloc", sprintf("%.3f", x))
	}
}
END { if (clock == "wall") wall(); else icount() }
