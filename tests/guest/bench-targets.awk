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
	if ($16 != "-") stalls[key, n] = $16 + 0
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
# At least LIMIT times as fast. NOTE comes with the figure.
function faster(scenario, who, other, limit, promise, note,  x) {
	if (!has(scenario, who) || !has(scenario, other)) return
	x = cost(scenario, other) / cost(scenario, who)
	verdict(x >= limit, promise, sprintf(x < 10 ? "%.2f" : "%.1f", x) note)
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
# The worst of a scene's requests, against LIMIT times what they are compared with:
# small_begin(), small_add() for each, small_end().
function small_begin() {
	small_nr = small_kept = small_worst = 0
	small_of = ""
}
# REFERENCE is 0 if there is nothing to compare with; that and a request that bulk did not
# obtain are as bad as can be.
function small_add(i, bulk, reference, limit,  x, what) {
	what = sprintf("order %d × %d", small_order[i], small_count[i])
	x = bulk && reference ? bulk / reference : 1000
	small_nr++
	if (x <= limit) small_kept++
	if (x <= small_worst) return
	small_worst = x
	if (!bulk)
		small_of = what ": bulk does not obtain all"
	else if (!reference)
		small_of = what ": nothing to compare with"
	else
		small_of = sprintf("%.3f at most (%s: %d us, %d us)", x, what, bulk, reference)
}
function small_end(promise) {
	if (!small_nr) return
	if (small_kept < small_nr) small_of = sprintf("%d of %d requests; %s", small_kept, small_nr, small_of)
	verdict(small_kept == small_nr, promise, small_of)
}
function small_scene(scene,  i, single, other) {
	small_begin()
	for (i = 1; i <= nr_smalls; i++) {
		if (!small_measured(scene, i)) continue
		single = small_cost(scene, "single", i)
		other = small_cost(scene, "cma_alloc", i)
		if (!other || single && single < other) other = single
		small_add(i, small_cost(scene, "bulk", i), other, 1.15)
	}
	small_end(scene ": each request costs bulk at most 1.15 of the better of cma_alloc and single")
}
function small_sizes(scene,  i) {
	small_begin()
	for (i = 1; i <= nr_smalls; i++)
		if (small_measured(scene "-64", i) && small_measured(scene "-4096", i))
			small_add(i, small_cost(scene "-4096", "bulk", i), small_cost(scene "-64", "bulk", i), 1.2)
	small_end(scene ": each request costs bulk in 4 GiB at most 1.2 of the same in 64 MiB")
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
# Pins that stay, and what is obtained beside them. LIMIT is of the yield.
function pins(percent,  s) {
	s = "pins-" percent
	if (percent < 100) {
		faster_each(s, "bulk", "linear", 3, s ": bulk at least 3 times faster than linear for each chunk")
		faster(s, "bulk", "cma_alloc", 14, s ": bulk at least 14 times faster than cma_alloc")
	}
	yield(s, "bulk", percent < 100 ? 0.995 : 0.99)
	if (percent == 100)
		at_most(s, "bulk-fast", "linear", 0.02, s ": fast=1 returns in at most 2 % of the time in which linear fails")
}
# A request that waits for ever, without what the guest does beside no request.
function forever(s,  x) {
	if (!has(s, "bulk") || !has(s, "idle")) return
	x = (cost(s, "bulk") - cost(s, "idle")) / 60000000
	verdict(x < 0.002, sprintf("%s: a request that waits for %d of these pins takes less than 0.2 %% of a CPU", s, substr(s, 9)),
		sprintf("%.3f %% (%.1f ms in a minute; %.1f ms beside no request)", x * 100, cost(s, "bulk") / 1000, cost(s, "idle") / 1000))
}
function icount(  x, k) {
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
	pins(25)
	pins(50)
	pins(100)
	at_most("scattered", "bulk", "linear", 1.1, "scattered: bulk costs at most 1.1 of linear")
	scale()
	small()
	heap()
	faster("pool", "pool", "cma_alloc", 1000, "pool: 1,000 chunks at least 1,000 times faster than by cma_alloc")
	at_most("pool", "empty", "none", 1.02, "pool: beside an empty one a request costs at most 1.02 of one without a pool")
	forever("forever-1")
	forever("forever-250")
}
# The 99th percentile, which of few requests is the worst, in parts of another's.
function p99(s, who, other, limit, promise,  x, y) {
	if (!has(s, who) || !has(s, other)) return
	x = sorted(key_of(s, who), 99)
	y = sorted(key_of(s, other), 99)
	verdict(x <= limit * y, promise, sprintf("%.4f (%.3f ms of %d, %.1f ms of %d requests)", x / y,
		x / 1000, seen[key_of(s, who)], y / 1000, seen[key_of(s, other)]))
}
function transient(s) {
	at_most(s, "bulk", "linear", 1, s ": the median of bulk is at most that of linear")
	p99(s, "bulk", "linear", 1, s ": p99 of bulk is at most that of linear")
}
# The longest that an allocation beside a request took. The median of the rounds counts: now and
# then the machine stops the process for longer by itself, beside no request as well.
function longest(who, which,  k, i, v) {
	k = key_of("stall", who)
	for (i = 1; i <= seen[k]; i++) v[i] = stalls[k, i]
	sort(v, seen[k])
	return v[which == "max" ? seen[k] : int((seen[k] + 1) / 2)] / 1000
}
function stall(  text) {
	if (!has("stall", "bulk-2")) return
	text = sprintf("%.2f ms, in the worst round %.2f", longest("bulk-2"), longest("bulk-2", "max"))
	if (has("stall", "idle"))
		text = text sprintf("; beside no request %.2f and %.2f", longest("idle"), longest("idle", "max"))
	verdict(longest("bulk-2") < 4, "stall: beside a request with two workers no allocation takes 4 ms, in the median round", text)
}
# What a second processor was good for meanwhile.
function processors(s) {
	if (!has(s, "clear-1") || !has(s, "clear-2")) return ""
	return sprintf("; two processes %.2f", cost(s, "clear-1") / cost(s, "clear-2"))
}
function wall(  s, i, name) {
	split("free half", name, " ")
	for (i = 1; i <= 2; i++) {
		s = name[i]
		faster(s, "bulk-2", "bulk-1", 1.6, s ": two workers at least 1.6 times faster than one", processors(s))
		faster(s, "bulk-2", "single", 1.6, s ": two workers at least 1.6 times faster than single", processors(s))
	}
	pins(25)
	pins(100)
	small()
	heap()
	p99("pool", "pool", "cma_alloc", 0.025, "pool: p99 of 1,000 chunks at most 1/40 of that of cma_alloc")
	p99("pool-dirty", "pool", "cma_alloc", 0.025, "pool-dirty: p99 of 1,000 chunks at most 1/40 of that of cma_alloc")
	p99("dirty", "bulk", "cma_alloc", 0.1, "dirty: p99 of bulk at most a tenth of that of cma_alloc")
	transient("transient-50")
	transient("transient")
	transient("transient-1000")
	stall()
}
END { if (clock == "wall") wall(); else icount() }
