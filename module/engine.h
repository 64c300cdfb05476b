/* SPDX-License-Identifier: GPL-2.0-only */
/* What an engine is: how the chunks of a request are sought and taken. */
#ifndef CMA_BULK_ENGINE_H
#define CMA_BULK_ENGINE_H

#include <linux/types.h>

struct cb_job;
struct cma_bulk_region;

/**
 * struct cb_engine_ops - an engine
 * @works: does it work in a region of this kernel? NULL region: on this kernel
 *	at all?
 * @lacks: what is said of a kernel on which it does not
 * @open: get what @round needs; 0 or -ENOMEM
 * @round: one round; 0 when it has done what it can, or why the request must
 *	end: -EINTR, -ETIMEDOUT, -EAGAIN (it would have to wait for others and may
 *	not), -EOPNOTSUPP, -ENOMEM (memory of this module ran out)
 * @take_opened: between two rounds, take slots of which cb_watch_wait() has said that
 *	they have opened: 0 when it has got all of these, 1 when a round shall look what
 *	is wrong, or why the request must end; NULL if the engine watches none
 * @close: undo @open, complete or not
 */
struct cb_engine_ops {
	bool (*works)(const struct cma_bulk_region *region);
	const char *lacks;
	int (*open)(struct cb_job *job);
	int (*round)(struct cb_job *job);
	int (*take_opened)(struct cb_job *job);
	void (*close)(struct cb_job *job);
};

#endif
