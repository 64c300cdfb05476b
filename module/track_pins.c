// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who takes references to pages for DMA or for I/O: a return probe on each function
 * through which the kernel does. When it begins, it notes where the array of pages
 * will be; when it returns, it looks for pages of regions in there.
 *
 * Functions that call each other tell the same page twice, pins.c keeps it once.
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/ktime.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "compat/kretprobe.h"
#include "owners.h"
#include "pins.h"
#include "region.h"
#include "track_pins.h"

#ifdef CB_HAVE_KRETPROBES

/* So many calls of each function at a time; more are missed, and counted. */
#define ACTIVE_MAX	256

/* So many pages of a call, since interrupts may be off. */
#define PAGES_MAX	16384L

/* What a function returns. */
enum result {
	NR_PAGES,		/* long: number of pages, or an error */
	NR_PAGES_INT,		/* int: the same */
	NR_BYTES,		/* from an offset in the first page on, or an error */
};

/**
 * struct function - a function that takes references
 * @name: its name
 * @result: what it returns
 * @refs: what it adds to the count of a small page
 * @pages: number of the argument that is the array of pages
 * @allocates: that argument is where the address of the array is, or goes
 * @offset: NR_BYTES: number of the argument that tells where the offset goes
 */
struct function {
	const char *name;
	enum result result;
	unsigned int refs;
	unsigned int pages;
	bool allocates;
	unsigned int offset;
};

static const struct function functions[] = {
	{ "get_user_pages", NR_PAGES, 1, 3 },
	{ "get_user_pages_locked", NR_PAGES, 1, 3 },
	{ "get_user_pages_remote", NR_PAGES, 1, 4 },
	{ "get_user_pages_unlocked", NR_PAGES, 1, 2 },
	{ "get_user_pages_fast", NR_PAGES_INT, 1, 3 },
	{ "get_user_pages_fast_only", NR_PAGES_INT, 1, 3 },
	{ "pin_user_pages", NR_PAGES, GUP_PIN_COUNTING_BIAS, 3 },
	{ "pin_user_pages_locked", NR_PAGES, GUP_PIN_COUNTING_BIAS, 3 },
	{ "pin_user_pages_remote", NR_PAGES, GUP_PIN_COUNTING_BIAS, 4 },
	{ "pin_user_pages_unlocked", NR_PAGES, GUP_PIN_COUNTING_BIAS, 2 },
	{ "pin_user_pages_fast", NR_PAGES_INT, GUP_PIN_COUNTING_BIAS, 3 },
	{ "pin_user_pages_fast_only", NR_PAGES_INT, GUP_PIN_COUNTING_BIAS, 3 },
	/*
	 * Of memory of users they call the former, and so does
	 * iov_iter_extract_pages(), which refers to no other memory.
	 */
	{ "iov_iter_get_pages", NR_BYTES, 1, 1, false, 4 },
	{ "iov_iter_get_pages2", NR_BYTES, 1, 1, false, 4 },
	{ "iov_iter_get_pages_alloc", NR_BYTES, 1, 1, true, 3 },
	{ "iov_iter_get_pages_alloc2", NR_BYTES, 1, 1, true, 3 },
};

/* A call at work. */
struct call {
	struct page **pages;
	size_t *offset;
	u64 since;
};

static struct kretprobe probes[ARRAY_SIZE(functions)];
static struct kretprobe *registered[ARRAY_SIZE(functions)];
static unsigned int nr_registered;
static unsigned long missed_before;

static const struct function *function_of(struct kretprobe_instance *instance)
{
	return &functions[cb_kretprobe_of(instance) - probes];
}

/* Return: 0 if its end is of interest. */
static int call_begins(struct kretprobe_instance *instance,
		       struct pt_regs *regs)
{
	const struct function *f = function_of(instance);
	struct call *call = (struct call *)instance->data;

	/* Without an array no references are taken. */
	call->pages = (struct page **)cb_function_arg(regs, f->pages);
	if (!call->pages)
		return 1;
	call->offset = NULL;
	if (f->result == NR_BYTES)
		call->offset = (size_t *)cb_function_arg(regs, f->offset);
	call->since = ktime_get_mono_fast_ns();
	return 0;
}

static long pages_of(const struct function *f, const struct call *call,
		     struct pt_regs *regs)
{
	long ret = regs_return_value(regs);

	/* The rest of the register is anything. */
	if (f->result == NR_PAGES_INT)
		return (int)ret;
	if (f->result == NR_BYTES && ret > 0)
		return DIV_ROUND_UP(*call->offset + ret, PAGE_SIZE);
	return ret;
}

/*
 * The stack of a probe begins with what called the probe. Instead, the function,
 * which has returned, and where it returns to.
 */
static void set_stack(struct cb_asker *asker,
		      struct kretprobe_instance *instance)
{
	unsigned long to = cb_kretprobe_return_address(instance);
	unsigned int i, skip = 0;

	for (i = 0; i < asker->nr; i++)
		if (asker->frame[i] == to)
			skip = i + 1;
	asker->nr -= skip;
	if (!skip)
		asker->nr = 0;
	asker->nr = min(asker->nr, CB_ASKER_FRAMES - 2U);
	memmove(asker->frame + 2, asker->frame + skip,
		asker->nr * sizeof(*asker->frame));
	asker->frame[0] = (unsigned long)cb_kretprobe_of(instance)->kp.addr;
	asker->frame[1] = to;
	asker->nr += 2;
}

/**
 * struct record - what is remembered of a call
 * @instance: the call
 * @known: @asker is set
 * @asker: who has made it
 * @region: the region of the last page
 * @id: number of the owner there
 */
struct record {
	struct kretprobe_instance *instance;
	bool known;
	struct cb_asker asker;
	struct cma_bulk_region *region;
	u16 id;
};

static void turn_to(struct record *r, struct cma_bulk_region *region)
{
	if (r->region == region)
		return;
	if (r->region)
		cb_owner_close(r->region, r->id);
	r->region = region;
	if (!region)
		return;
	if (!r->known) {
		cb_asker_init(&r->asker, CB_OWNER_PIN);
		set_stack(&r->asker, r->instance);
		r->known = true;
	}
	r->id = cb_owner_open(region, &r->asker);
}

static void note_page(struct record *r, struct page *page)
{
	const struct function *f = function_of(r->instance);
	const struct call *call = (struct call *)r->instance->data;
	struct cma_bulk_region *region;
	unsigned long pfn;

	if (IS_ERR_OR_NULL(page))
		return;
	pfn = page_to_pfn(page);
	region = cb_region_of(pfn);
	if (!region || !(READ_ONCE(region->track) & CB_TRACK_PINS))
		return;
	turn_to(r, region);
	if (r->id)
		cb_pins_add(region, pfn, r->id, call->since, f->refs);
	else
		atomic_long_inc(&region->owners->dropped);
}

static int call_ends(struct kretprobe_instance *instance, struct pt_regs *regs)
{
	const struct function *f = function_of(instance);
	const struct call *call = (struct call *)instance->data;
	struct record r = { .instance = instance };
	long nr = pages_of(f, call, regs), i;
	struct page **pages = call->pages;

	if (nr <= 0)
		return 0;
	if (f->allocates)
		pages = *(struct page ***)pages;
	if (!pages)
		return 0;
	for (i = 0; i < min(nr, PAGES_MAX); i++)
		note_page(&r, pages[i]);
	if (r.region && nr > PAGES_MAX)
		atomic_long_add(nr - PAGES_MAX, &r.region->owners->dropped);
	turn_to(&r, NULL);
	return 0;
}

/**
 * cb_track_pins_start() - begin to listen
 *
 * A kernel does not have all of the functions.
 *
 * Context: may sleep; one at a time.
 *
 * Return: 0 or -EOPNOTSUPP.
 */
int cb_track_pins_start(void)
{
	unsigned int i;

	nr_registered = 0;
	for (i = 0; i < ARRAY_SIZE(functions); i++) {
		/* It is not what it was any more once it was registered. */
		probes[i] = (struct kretprobe){
			.kp.symbol_name = functions[i].name,
			.entry_handler = call_begins,
			.handler = call_ends,
			.data_size = sizeof(struct call),
			.maxactive = ACTIVE_MAX,
		};
		if (!register_kretprobe(&probes[i]))
			registered[nr_registered++] = &probes[i];
	}
	return nr_registered ? 0 : -EOPNOTSUPP;
}

/**
 * cb_track_pins_stop() - listen no more
 *
 * Context: sleeps until no probe is at work any more; after a start.
 */
void cb_track_pins_stop(void)
{
	unsigned long missed;

	cb_unregister_kretprobes(registered, nr_registered);
	missed = cb_track_pins_missed();
	nr_registered = 0;
	missed_before = missed;
}

/**
 * cb_track_pins_missed() - how many calls were not seen?
 *
 * Context: any.
 *
 * Return: their number, since load.
 */
unsigned long cb_track_pins_missed(void)
{
	unsigned long missed = missed_before;
	unsigned int i;

	for (i = 0; i < nr_registered; i++)
		missed += registered[i]->nmissed + registered[i]->kp.nmissed;
	return missed;
}

/**
 * cb_track_pins_state() - can it be told who takes references, and why not?
 *
 * Return: "yes", or "no" and why.
 */
const char *cb_track_pins_state(void)
{
	return "yes";
}
#else
int cb_track_pins_start(void)
{
	return -EOPNOTSUPP;
}

void cb_track_pins_stop(void)
{
}

unsigned long cb_track_pins_missed(void)
{
	return 0;
}

const char *cb_track_pins_state(void)
{
	return "no (a kernel without CONFIG_KRETPROBES)";
}
#endif
