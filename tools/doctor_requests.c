// SPDX-License-Identifier: GPL-2.0-only
/* Why requests fail: the module's last one, and those in the kernel's log. */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "blocks.h"
#include "doctor.h"
#include "request.h"
#include "text.h"
#include "tree.h"
#include "who.h"

/* Groups of blockers that are told, at most. */
#define TOLD	5

static void tell_blockers(struct finding *f, const struct region *r)
{
	struct who w = { 0 };
	const char *users;
	size_t i, told = 0;

	who_blockers(&w, r);
	for (i = 0; i < w.groups && told < TOLD; i++) {
		const struct group *g = &w.group[i];
		const struct page *p = g->page;

		if (page_gone(p))
			continue;
		told++;
		users = users_text(&p->users);
		finding_why(f, "Blocks now: %s in %s, %s, %s%s%s%s%s",
			    text_count(g->pages, "page"),
			    text_count(g->blocks, "pageblock"), p->reason,
			    page_owner(p), *users ? ", " : "", users,
			    p->pid ? ", taken by " : "", p->pid ?
			    mem_format("%s (%s)", p->comm ? p->comm : "?",
				       p->pid) : "");
	}
	if (!told)
		finding_why(f, "Nothing blocks now: a new try may succeed.");
}

static void too_large(struct findings *fs, const struct pairs *last,
		      const struct region *r)
{
	uint64_t order = pairs_or_0(last, "order"), chunk;
	struct finding *f;

	chunk = order < 40 ? r->page_size << order : 0;
	f = finding_add(fs, "request-too-large", true,
			"The last request was larger than the region.");
	finding_why(f, "%" PRIu64 " chunks of order %" PRIu64 " were asked for; %s has %s, which is %" PRIu64 " of them.",
		    pairs_or_0(last, "requested"), order, r->name,
		    text_bytes(r->bytes), chunk ? r->bytes / chunk : 0);
	finding_todo(f, "Ask for less, or make the area larger: size in its node of the device tree, or cma= on the command line.");
}

/* kB of /proc/meminfo */
static uint64_t meminfo(const struct pairs *p, const char *key)
{
	char *value = mem_copy(pairs_get(p, key) ? pairs_get(p, key) : "");
	uint64_t kb;

	text_u64(strsep(&value, " "), &kb);
	return kb;
}

static void no_target(struct findings *fs, const struct pairs *last,
		      const struct region *r)
{
	struct blocks b;
	struct pairs memory;
	struct finding *f;
	uint64_t outside;

	tree_pairs(&memory, "/proc/meminfo");
	outside = meminfo(&memory, "MemFree") - meminfo(&memory, "CmaFree");
	blocks_load(&b, r);
	f = finding_add(fs, "nowhere-to-migrate", true,
			"The area is in use by memory that could be moved, but there is nowhere to move it to.");
	finding_why(f, "The last request gave up %" PRIu64 " ranges for that reason (no_target).",
		    pairs_or_0(last, "no_target"));
	finding_why(f, "%s holds %s that must move; outside of CMA %s are free.",
		    r->name, text_bytes(b.movable * r->page_size),
		    outside <= INT64_MAX / 1024 ? text_bytes(outside * 1024) : "0 B");
	finding_todo(f, "Free memory first (stop what is large, drop caches), or add swap; ask early after boot.");
	finding_todo(f, "floor_mb is how much stays free: a smaller one lets more move, at the risk of the OOM killer.");
}

static void fragmented(struct findings *fs, const struct region *r)
{
	struct finding *f;
	struct who w = { 0 };
	struct blocks b;
	size_t i;

	blocks_load(&b, r);
	who_holders(&w, r);
	f = finding_add(fs, "region-is-held", true,
			"The region has not enough room for the last request: others hold it.");
	finding_why(f, "%s of %s are held, and %s are in use by what cannot move.",
		    text_bytes(b.held * r->page_size), text_bytes(r->bytes),
		    text_bytes(b.busy * r->page_size));
	for (i = 0; i < w.holders && i < TOLD; i++)
		finding_why(f, "%s holds %s (%s, process %s)",
			    w.holder[i].comm ? w.holder[i].comm : "?",
			    text_bytes(w.holder[i].pages * r->page_size),
			    w.holder[i].kind ? w.holder[i].kind : "?",
			    w.holder[i].pid ? w.holder[i].pid : "?");
	finding_todo(f, "Give back what is not needed (cma-bulk status, cma-bulk free BATCH), ask for a smaller order, or make the area larger.");
}

static void engine_missing(struct findings *fs, const struct pairs *last)
{
	const char *engine = pairs_get(last, "engine");
	struct pairs capabilities;
	struct finding *f;
	const char *state;

	tree_pairs(&capabilities, DEBUGFS "/capabilities");
	state = pairs_get(&capabilities, mem_format("engine_%s", engine ? engine : ""));
	f = finding_add(fs, "engine-not-here", true,
			"This kernel lacks what the engine of the last request needs.");
	finding_why(f, "engine_%s: %s", engine ? engine : "?", state ? state : "not known");
	finding_todo(f, "Use another engine: those that work are in " DEBUGFS "/capabilities.");
}

void doctor_last(struct findings *fs, const struct region *r)
{
	struct finding *f;
	struct pairs last;
	int64_t ret;

	tree_pairs(&last, DEBUGFS "/%s/last", r->dir);
	text_s64(pairs_get(&last, "ret"), &ret);
	switch (-ret) {
	case 0:
		return;
	case E2BIG:
		too_large(fs, &last, r);
		return;
	case ENOMEM:
		if (pairs_or_0(&last, "no_target"))
			no_target(fs, &last, r);
		else
			fragmented(fs, r);
		return;
	case EOPNOTSUPP:
		engine_missing(fs, &last);
		return;
	case EBUSY:
		f = finding_add(fs, "pages-block", true,
				"The last request failed because of pages that are pinned or in use.");
		finding_why(f, "It obtained %s.", request_summary(&last, r));
		tell_blockers(f, r);
		finding_todo(f, "cma-bulk who names them. End or change what pins them, ask with retries=N, or for a smaller order.");
		return;
	case ETIMEDOUT:
		f = finding_add(fs, "timed-out", true,
				"The last request ran out of its time.");
		finding_why(f, "It obtained %s.", request_summary(&last, r));
		tell_blockers(f, r);
		finding_todo(f, "Raise timeout_ms, or see to what blocks.");
		return;
	default:
		f = finding_add(fs, "request-failed", true,
				"The last request failed.");
		finding_why(f, "%s: %s", errno_name(-ret), errno_meaning(-ret));
	}
}

static const struct region *region_of(const struct regions *rs,
				      const struct region *picked,
				      const char *area)
{
	size_t i;

	for (i = 0; area && i < rs->nr; i++)
		if (region_is(&rs->r[i], area))
			return &rs->r[i];
	return picked;
}

/* Free, but nowhere in one piece. */
static void no_row(struct findings *fs, const struct alloc_failure *a,
		   const struct region *r, const struct blocks *b)
{
	struct finding *f;

	f = finding_add(fs, "no-contiguous-run", true,
			"There is enough free CMA memory, but not in one piece.");
	finding_why(f, "The kernel's log: %s", a->line);
	finding_why(f, "That asked for %s in a row. %s has %s free, but the longest row without a page that blocks or is held is %s.",
		    text_bytes(a->pages * r->page_size), r->name,
		    text_bytes(b->free * r->page_size),
		    text_bytes(b->longest * r->page_size));
	tell_blockers(f, r);
	finding_todo(f, "cma_alloc() wants one piece. A device that can do with pieces (an IOMMU, scatter-gather) can have chunks: cma_bulk_alloc(), /dev/dma_heap/cma_bulk-%s.",
		     r->name);
	finding_todo(f, "Otherwise give it an area of its own, so that nothing else is pinned there.");
}

static void cma_busy(struct findings *fs, const struct alloc_failure *a,
		     const struct region *r)
{
	struct finding *f;

	f = finding_add(fs, "cma-alloc-busy", true,
			"cma_alloc() failed with -16 (EBUSY): pages that cannot be moved were in its way.");
	finding_why(f, "The kernel's log: %s", a->line);
	finding_why(f, "It tried one place of %" PRIu64 " pages after the other; in each of them a page was pinned, under I/O, or of the kernel.",
		    a->pages);
	if (r)
		tell_blockers(f, r);
	finding_todo(f, "cma-bulk who names what blocks now. End or change what pins these pages; page cache under writeback passes by itself.");
}

static void cma_none(struct findings *fs, const struct alloc_failure *a,
		     const struct region *r, const struct blocks *b)
{
	struct finding *f;

	f = finding_add(fs, "cma-alloc-no-memory", true,
			"cma_alloc() failed with -12 (ENOMEM): its area has no place left, or there was no memory to move pages to.");
	finding_why(f, "The kernel's log: %s", a->line);
	if (r)
		finding_why(f, "%s: %s free, %s movable, %s in use by others or held.",
			    r->name, text_bytes(b->free * r->page_size),
			    text_bytes(b->movable * r->page_size),
			    text_bytes((b->busy + b->held) * r->page_size));
	finding_todo(f, "cma-bulk who --holders names who took it. Make the area larger, or give each of its users its own.");
}

void doctor_kernel_log(struct findings *fs, const struct regions *rs,
		       const struct region *picked, const struct klog *log)
{
	static const int errors[] = { EBUSY, ENOMEM };
	const struct region *r;
	struct alloc_failure a;
	struct blocks b;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(errors); i++) {
		if (!klog_alloc_failure(log, errors[i], &a))
			continue;
		r = region_of(rs, picked, a.area);
		memset(&b, 0, sizeof(b));
		if (r)
			blocks_load(&b, r);
		if (r && b.free >= a.pages && b.longest < a.pages)
			no_row(fs, &a, r, &b);
		else if (errors[i] == EBUSY)
			cma_busy(fs, &a, r);
		else
			cma_none(fs, &a, r, &b);
	}
}

void doctor_stats(struct findings *fs, const struct region *r)
{
	struct finding *f;
	struct pairs stats;

	tree_pairs(&stats, DEBUGFS "/%s/stats", r->dir);
	if (!pairs_or_0(&stats, "bad_frees"))
		return;
	f = finding_add(fs, "bad-frees", true,
			"A driver has given back chunks that it did not hold.");
	finding_why(f, "bad_frees: %" PRIu64, pairs_or_0(&stats, "bad_frees"));
	finding_todo(f, "Look in that driver for what is freed twice, or with another order than it was allocated with.");
}
