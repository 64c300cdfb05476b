// SPDX-License-Identifier: GPL-2.0-only
/* How the heap of a region asks for chunks: settings, one number each. */
#include <linux/slab.h>
#include <linux/spinlock.h>

#include "core/parse.h"
#include "heap_knobs.h"
#include "region.h"
#include "request.h"

/**
 * struct cb_heap_knobs - the settings of a region
 * @lock: protects @value; innermost
 * @value: by enum cb_heap_knob
 */
struct cb_heap_knobs {
	spinlock_t lock;		/* value */
	s64 value[CB_NR_HEAP_KNOBS];
};

/* Each is one of the keys of a request, and has the range of that key. */
static const enum cb_key key_of[CB_NR_HEAP_KNOBS] = {
	[CB_HEAP_ORDER]		= CB_K_ORDER,
	[CB_HEAP_RETRIES]	= CB_K_RETRIES,
	[CB_HEAP_TIMEOUT_MS]	= CB_K_TIMEOUT_MS,
};

/**
 * cb_heap_knobs_init() - at load: defaults
 * @region: the region
 *
 * A region that cannot hold a chunk of the default order gets order 0.
 *
 * Context: may sleep.
 *
 * Return: 0 or -ENOMEM; undone by cb_heap_knobs_exit().
 */
int cb_heap_knobs_init(struct cma_bulk_region *region)
{
	struct cb_heap_knobs *knobs = kzalloc(sizeof(*knobs), GFP_KERNEL);
	struct cb_request req;
	unsigned int i;

	region->heap_knobs = knobs;
	if (!knobs)
		return -ENOMEM;
	spin_lock_init(&knobs->lock);
	cb_request_init(region, &req);
	if (cb_request_check(region, &req))
		req.value[CB_K_ORDER] = 0;
	for (i = 0; i < CB_NR_HEAP_KNOBS; i++)
		knobs->value[i] = req.value[key_of[i]];
	return 0;
}

/**
 * cb_heap_knobs_exit() - at unload: free the settings
 * @region: the region, of which there is no heap any more
 */
void cb_heap_knobs_exit(struct cma_bulk_region *region)
{
	kfree(region->heap_knobs);
	region->heap_knobs = NULL;
}

/**
 * cb_heap_knob_get() - read a setting
 * @region: the region
 * @knob: which
 * @value: set to it
 *
 * Context: any but interrupts.
 *
 * Return: 0, or -EINVAL if there is no such setting.
 */
int cb_heap_knob_get(struct cma_bulk_region *region, enum cb_heap_knob knob,
		     s64 *value)
{
	if (knob >= CB_NR_HEAP_KNOBS)
		return -EINVAL;
	spin_lock(&region->heap_knobs->lock);
	*value = region->heap_knobs->value[knob];
	spin_unlock(&region->heap_knobs->lock);
	return 0;
}

/* Does @value make sense by itself, and fit the region? */
static int check_knob(struct cma_bulk_region *region, enum cb_key key,
		      s64 value)
{
	struct cb_request req;

	if (!cb_value_in_range(key, value))
		return -EINVAL;
	cb_request_init(region, &req);
	req.value[CB_K_ORDER] = 0;
	req.value[key] = value;
	return cb_request_check(region, &req);
}

/**
 * cb_heap_knob_set() - change a setting, for buffers that are allocated from
 * now on
 * @region: the region
 * @knob: which
 * @value: the value
 *
 * Context: any but interrupts.
 *
 * Return: 0, or -EINVAL if there is no such setting, or for a value that is out
 * of range, such as an order that the region cannot hold; nothing changes then.
 */
int cb_heap_knob_set(struct cma_bulk_region *region, enum cb_heap_knob knob,
		     s64 value)
{
	int ret;

	if (knob >= CB_NR_HEAP_KNOBS)
		return -EINVAL;
	ret = check_knob(region, key_of[knob], value);
	if (ret)
		return ret == -E2BIG ? -EINVAL : ret;
	spin_lock(&region->heap_knobs->lock);
	region->heap_knobs->value[knob] = value;
	spin_unlock(&region->heap_knobs->lock);
	return 0;
}

/**
 * cb_heap_knobs_request() - a request of the heap, but for its count
 * @region: the region
 * @req: filled in: all or nothing, as the settings say, of one chunk
 *
 * Context: any but interrupts.
 */
void cb_heap_knobs_request(struct cma_bulk_region *region,
			   struct cb_request *req)
{
	struct cb_heap_knobs *knobs = region->heap_knobs;
	unsigned int i;

	cb_request_init(region, req);
	req->value[CB_K_PARTIAL] = 0;
	spin_lock(&knobs->lock);
	for (i = 0; i < CB_NR_HEAP_KNOBS; i++)
		req->value[key_of[i]] = knobs->value[i];
	spin_unlock(&knobs->lock);
}
