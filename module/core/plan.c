// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which slots to take: the cheapest that are enough, in as few runs as pays.
 *
 * The goal is to minimise
 *
 *	(cost of each slot taken) + @fee * (number of runs)
 *
 * with @need slots taken. Suppose somebody paid us a *price* for each slot.
 * The best choice then is the one with the greatest profit, and it is found in
 * one pass without any memory: the profit so far is like the price of a share,
 * a run of slots is a trade, bought at a low and sold at a high, and @fee is
 * the broker's fee of a trade. A run is worth taking when the rise exceeds the
 * fee, and worth interrupting when the fall does.
 *
 * A higher price never takes fewer slots (the profit is a supermodular
 * function, so the smallest best choice only grows with the price). A binary
 * search therefore finds the lowest price at which there are enough slots.
 * All that was worth taking one step below it is taken; what is still missing
 * comes from the pieces that the last step added, which are all about equally
 * good. At the highest price every slot that can be had is worth taking, so
 * the yield is never below what is possible.
 */
#include "plan.h"

/* A doubtful slot costs more than any clean one. */
#define CB_DOUBT_COST	(2L * CB_SLOT_COST_MAX)

/*
 * A price is in finer units than a cost: in a long free run a slot is worth a
 * fraction of one, and which run is longer must not be lost in rounding.
 */
#define CB_PRICE_UNIT	16

/*
 * What a call that migrates anything at all costs beside its pages, in calls:
 * 2.3 ms against 0.33 on 6.12 (docs/benchmarks.md, "scattered" and "half").
 */
#define CB_MIGRATION_CALLS	7

/* Slots between two offers to let others run: some 100 microseconds. */
#define CB_PAUSE_SLOTS	8192UL

/* The pass over the slots: profits are relative to the start of the pass. */
struct walk {
	const struct cb_plan *plan;
	struct cb_range *out;		/* NULL: only count */
	unsigned long nr_out;
	unsigned long nr_slots;
	/* The best place to begin a run, and the profit there. */
	unsigned long low_at;
	long long low;
	/* The best place to end the run that has begun, and the profit there. */
	unsigned long high_at;
	long long high;
	int open;
	long long profit;
};

static long slot_cost(const struct cb_plan *p, unsigned char value)
{
	if (value && p->free_only)
		return -1;
	if (value <= CB_SLOT_COST_MAX)
		return value;
	if (value == CB_SLOT_WAIT && p->doubtful)
		return CB_DOUBT_COST;
	return -1;
}

/* Called with the number of each slot that is worked on, one after the other. */
static void breathe(const struct cb_plan *p, unsigned long slot)
{
	if (p->pause && slot % CB_PAUSE_SLOTS == 0)
		p->pause();
}

static unsigned long range_cost(const struct cb_plan *p, unsigned long start,
				unsigned long nr)
{
	unsigned long i, cost = 0;

	for (i = start; i < start + nr; i++) {
		breathe(p, i);
		cost += slot_cost(p, p->slot[i]);
	}
	return cost;
}

static void emit(struct walk *w, unsigned long start, unsigned long end)
{
	if (w->out) {
		w->out[w->nr_out].start = start;
		w->out[w->nr_out].nr = end - start;
	}
	w->nr_out++;
	w->nr_slots += end - start;
}

/* End the run, if there is one, and look for the next from @pos on. */
static void restart(struct walk *w, unsigned long pos)
{
	if (w->open)
		emit(w, w->low_at, w->high_at);
	w->open = 0;
	w->low = w->profit;
	w->low_at = pos;
}

/* Take in the slots up to @end, each of which adds @gain to the profit. */
static void step(struct walk *w, unsigned long pos, unsigned long end,
		 long gain)
{
	long long fee = (long long)w->plan->fee * CB_PRICE_UNIT;

	w->profit += gain * (long long)(end - pos);
	if (!w->open && w->profit - w->low > fee) {
		w->open = 1;
		w->high = w->profit;
		w->high_at = end;
	} else if (w->open && w->profit > w->high) {
		w->high = w->profit;
		w->high_at = end;
	} else if (w->open && w->high - w->profit >= fee) {
		restart(w, end);
	} else if (!w->open && w->profit <= w->low) {
		restart(w, end);
	}
}

/*
 * End of the run of slots that have the value of the one at @pos, or of the
 * piece that may be worked on without a pause.
 */
static unsigned long run_end(const struct cb_plan *p, unsigned long pos)
{
	unsigned long end = (pos / CB_PAUSE_SLOTS + 1) * CB_PAUSE_SLOTS;
	unsigned long pattern, word;
	unsigned char value = p->slot[pos];

	if (end > p->nr_slots)
		end = p->nr_slots;
	pattern = ~0UL / 0xff * value;
	for (pos++; end - pos >= sizeof(word); pos += sizeof(word)) {
		/* A word at a time: most slots are free, and so alike. */
		__builtin_memcpy(&word, p->slot + pos, sizeof(word));
		if (word != pattern)
			break;
	}
	while (pos < end && p->slot[pos] == value)
		pos++;
	return pos;
}

static void walk_slots(struct walk *w, const struct cb_plan *p, long price,
		       struct cb_range *out)
{
	unsigned long pos, end;
	long cost;

	*w = (struct walk){ .plan = p, .out = out };
	for (pos = 0; pos < p->nr_slots; pos = end) {
		breathe(p, pos);
		end = run_end(p, pos);
		cost = slot_cost(p, p->slot[pos]);
		if (cost < 0)
			restart(w, end);
		else
			step(w, pos, end, price - cost * CB_PRICE_UNIT);
	}
	restart(w, p->nr_slots);
}

static unsigned long slots_at(const struct cb_plan *p, long price)
{
	struct walk w;

	walk_slots(&w, p, price, (struct cb_range *)0);
	return w.nr_slots;
}

/*
 * In a region that is mostly free the price is a few units, so look there
 * first. Return: a price that is too low; *@high is enough, if any is.
 */
static long gallop(const struct cb_plan *p, long *high)
{
	long low = 0, price;

	for (price = 1; price < *high; price *= 2) {
		if (slots_at(p, price) >= p->need) {
			*high = price;
			break;
		}
		low = price;
	}
	return low;
}

/**
 * cb_plan_price() - find the price of a slot, and how much room a plan needs
 * @p: the question; @p->price and @p->nr_ranges are filled in
 *
 * Return: how many slots can be had: at least @p->need, or else all there are.
 */
unsigned long cb_plan_price(struct cb_plan *p)
{
	long low, high = (CB_DOUBT_COST + (long)p->fee) * CB_PRICE_UNIT + 1;
	struct walk w;

	if (!p->need) {
		p->price = 0;
		p->nr_ranges = 0;
		return 0;
	}
	/* At 0 nothing is worth taking, at @high everything is. */
	low = gallop(p, &high);
	while (high - low > 1) {
		long mid = low + (high - low) / 2;

		if (slots_at(p, mid) >= p->need)
			high = mid;
		else
			low = mid;
	}
	p->price = high;
	walk_slots(&w, p, low, (struct cb_range *)0);
	p->nr_ranges = 2 * w.nr_out;
	walk_slots(&w, p, high, (struct cb_range *)0);
	/* A run of the plan, and the pieces between and beside the runs. */
	p->nr_ranges += w.nr_out;
	return w.nr_slots;
}

/* Write what @all has and @base has not to @piece, return how many. */
static unsigned long subtract(const struct cb_range *all, unsigned long nr_all,
			      const struct cb_range *base,
			      unsigned long nr_base, struct cb_range *piece)
{
	unsigned long i, b = 0, n = 0, pos, end, to;

	for (i = 0; i < nr_all; i++) {
		pos = all[i].start;
		end = pos + all[i].nr;
		while (pos < end) {
			to = end;
			if (b < nr_base && base[b].start < end)
				to = base[b].start;
			if (to > pos) {
				piece[n].start = pos;
				piece[n++].nr = to - pos;
			}
			pos = to;
			if (to < end) {
				pos = base[b].start + base[b].nr;
				b++;
			}
		}
	}
	return n;
}

/* Shrink @piece to its cheapest @nr neighbouring slots; ties go to the left. */
static void shrink(const struct cb_plan *p, struct cb_range *piece,
		   unsigned long nr)
{
	unsigned long start = piece->start, best = start;
	unsigned long cost = range_cost(p, start, nr), lowest = cost;
	unsigned long end = piece->start + piece->nr;

	for (; start + nr < end; start++) {
		breathe(p, start);
		cost -= slot_cost(p, p->slot[start]);
		cost += slot_cost(p, p->slot[start + nr]);
		if (cost < lowest) {
			lowest = cost;
			best = start + 1;
		}
	}
	piece->start = best;
	piece->nr = nr;
}

/* Keep @missing slots of the pieces: of one if it can be, else in order. */
static unsigned long choose(const struct cb_plan *p, struct cb_range *piece,
			    unsigned long nr, unsigned long missing)
{
	unsigned long i, n = 0, fit = nr;

	for (i = 0; i < nr; i++)
		if (piece[i].nr >= missing &&
		    (fit == nr || piece[i].nr < piece[fit].nr))
			fit = i;
	if (fit < nr) {
		piece[0] = piece[fit];
		nr = 1;
	}
	for (i = 0; i < nr && missing; i++) {
		if (piece[i].nr > missing)
			shrink(p, &piece[i], missing);
		missing -= piece[i].nr;
		piece[n++] = piece[i];
	}
	return n;
}

/* Merge two ascending lists that do not overlap; what touches is joined. */
static unsigned long join(const struct cb_range *a, unsigned long nr_a,
			  const struct cb_range *b, unsigned long nr_b,
			  struct cb_range *out)
{
	unsigned long n = 0;

	while (nr_a || nr_b) {
		const struct cb_range *next;

		if (nr_a && (!nr_b || a->start < b->start)) {
			next = a++;
			nr_a--;
		} else {
			next = b++;
			nr_b--;
		}
		if (n && out[n - 1].start + out[n - 1].nr == next->start)
			out[n - 1].nr += next->nr;
		else
			out[n++] = *next;
	}
	return n;
}

/**
 * cb_plan_ranges() - make the plan
 * @p: the question, after cb_plan_price()
 * @out: room for twice @p->nr_ranges; the second half is for work in between
 *
 * Return: number of ranges in @out, in ascending order, neither overlapping
 * nor touching each other, with @p->need slots or else all that can be had.
 */
unsigned long cb_plan_ranges(const struct cb_plan *p, struct cb_range *out)
{
	struct cb_range *base = out + p->nr_ranges;
	unsigned long nr_base, nr_piece, i, n;
	struct cb_range *piece;
	struct walk w;

	if (!p->nr_ranges)
		return 0;
	walk_slots(&w, p, p->price - 1, base);
	nr_base = w.nr_out;
	piece = base + nr_base;
	i = w.nr_slots;
	/* @out is free until the end: it holds the runs at the full price. */
	walk_slots(&w, p, p->price, out);
	nr_piece = subtract(out, w.nr_out, base, nr_base, piece);
	if (w.nr_slots > p->need)
		nr_piece = choose(p, piece, nr_piece, p->need - i);
	n = join(base, nr_base, piece, nr_piece, out);
	for (i = 0; i < n; i++)
		out[i].cost = range_cost(p, out[i].start, out[i].nr);
	return n;
}

/**
 * cb_plan_spare() - how many more calls would be worth migrating nothing?
 * @r: a plan
 * @nr: its number of ranges
 *
 * The price of a slot knows nothing of it: whether a page in the middle of a
 * free run is the only one of its call cannot be told while the run grows. So
 * the caller compares the plan with one of free memory alone.
 *
 * Return: that many, 0 if the plan migrates nothing.
 */
unsigned long cb_plan_spare(const struct cb_range *r, unsigned long nr)
{
	unsigned long i, migrating = 0;

	for (i = 0; i < nr; i++)
		migrating += r[i].cost > 0;
	return migrating * CB_MIGRATION_CALLS;
}
