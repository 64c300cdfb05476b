/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tracepoints of cma_bulk. All fields are numbers; a region is known by its
 * first page frame, which the file "blocks" shows too.
 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM cma_bulk

#if !defined(CMA_BULK_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define CMA_BULK_TRACE_H

#include <linux/tracepoint.h>

TRACE_EVENT(request_start,
	TP_PROTO(unsigned long base_pfn, unsigned int order, u64 count,
		 unsigned int engine, bool fast, s64 retries, s64 timeout_ms),
	TP_ARGS(base_pfn, order, count, engine, fast, retries, timeout_ms),
	TP_STRUCT__entry(
		__field(unsigned long, base_pfn)
		__field(unsigned int, order)
		__field(u64, count)
		__field(unsigned int, engine)
		__field(unsigned int, fast)
		__field(s64, retries)
		__field(s64, timeout_ms)
	),
	TP_fast_assign(
		__entry->base_pfn = base_pfn;
		__entry->order = order;
		__entry->count = count;
		__entry->engine = engine;
		__entry->fast = fast;
		__entry->retries = retries;
		__entry->timeout_ms = timeout_ms;
	),
	TP_printk("base_pfn=%lu order=%u count=%llu engine=%u fast=%u retries=%lld timeout_ms=%lld",
		  __entry->base_pfn, __entry->order, __entry->count,
		  __entry->engine, __entry->fast, __entry->retries,
		  __entry->timeout_ms)
);

/* The kernel gave a range away; @in_use of its pages had to be emptied. */
TRACE_EVENT(range_taken,
	TP_PROTO(unsigned long pfn, unsigned long nr_pages,
		 unsigned long in_use),
	TP_ARGS(pfn, nr_pages, in_use),
	TP_STRUCT__entry(
		__field(unsigned long, pfn)
		__field(unsigned long, nr_pages)
		__field(unsigned long, in_use)
	),
	TP_fast_assign(
		__entry->pfn = pfn;
		__entry->nr_pages = nr_pages;
		__entry->in_use = in_use;
	),
	TP_printk("pfn=%lu nr_pages=%lu in_use=%lu", __entry->pfn,
		  __entry->nr_pages, __entry->in_use)
);

/* The kernel refused a range. */
TRACE_EVENT(range_busy,
	TP_PROTO(unsigned long pfn, unsigned long nr_pages, int ret),
	TP_ARGS(pfn, nr_pages, ret),
	TP_STRUCT__entry(
		__field(unsigned long, pfn)
		__field(unsigned long, nr_pages)
		__field(int, ret)
	),
	TP_fast_assign(
		__entry->pfn = pfn;
		__entry->nr_pages = nr_pages;
		__entry->ret = ret;
	),
	TP_printk("pfn=%lu nr_pages=%lu ret=%d", __entry->pfn,
		  __entry->nr_pages, __entry->ret)
);

/* A pageblock with something that blocks, of which a request took nothing. */
TRACE_EVENT(block_skipped,
	TP_PROTO(unsigned long block, unsigned long pfn),
	TP_ARGS(block, pfn),
	TP_STRUCT__entry(
		__field(unsigned long, block)
		__field(unsigned long, pfn)
	),
	TP_fast_assign(
		__entry->block = block;
		__entry->pfn = pfn;
	),
	TP_printk("block=%lu pfn=%lu", __entry->block, __entry->pfn)
);

/* A request is about to sleep between two rounds. */
TRACE_EVENT(round_wait,
	TP_PROTO(u64 round, u64 missing, s64 delay_ms),
	TP_ARGS(round, missing, delay_ms),
	TP_STRUCT__entry(
		__field(u64, round)
		__field(u64, missing)
		__field(s64, delay_ms)
	),
	TP_fast_assign(
		__entry->round = round;
		__entry->missing = missing;
		__entry->delay_ms = delay_ms;
	),
	TP_printk("round=%llu missing=%llu delay_ms=%lld", __entry->round,
		  __entry->missing, __entry->delay_ms)
);

TRACE_EVENT(request_done,
	TP_PROTO(unsigned long base_pfn, u64 requested, u64 allocated, int ret,
		 u64 elapsed_us, u64 contig_calls, u64 contig_busy),
	TP_ARGS(base_pfn, requested, allocated, ret, elapsed_us, contig_calls,
		contig_busy),
	TP_STRUCT__entry(
		__field(unsigned long, base_pfn)
		__field(u64, requested)
		__field(u64, allocated)
		__field(int, ret)
		__field(u64, elapsed_us)
		__field(u64, contig_calls)
		__field(u64, contig_busy)
	),
	TP_fast_assign(
		__entry->base_pfn = base_pfn;
		__entry->requested = requested;
		__entry->allocated = allocated;
		__entry->ret = ret;
		__entry->elapsed_us = elapsed_us;
		__entry->contig_calls = contig_calls;
		__entry->contig_busy = contig_busy;
	),
	TP_printk("base_pfn=%lu requested=%llu allocated=%llu ret=%d elapsed_us=%llu contig_calls=%llu contig_busy=%llu",
		  __entry->base_pfn, __entry->requested, __entry->allocated,
		  __entry->ret, __entry->elapsed_us, __entry->contig_calls,
		  __entry->contig_busy)
);

#endif

#include <trace/define_trace.h>
