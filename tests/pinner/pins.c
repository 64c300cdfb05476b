// SPDX-License-Identifier: GPL-2.0-only
/* The pins that debugfs made: create, list, remove. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/random.h>
#include <linux/slab.h>

#include "pinner.h"
#include "compat/pinner_compat.h"

/* Protects the list and the numbers. A pin itself is constant while listed. */
static DEFINE_MUTEX(pins_lock);
static LIST_HEAD(pins);
static unsigned int last_id;

/**
 * pinner_hold_dma() - turn a reference into a FOLL_PIN one
 * @page: small page to which the caller has a reference
 *
 * Context: any.
 */
void pinner_hold_dma(struct page *page)
{
	page_ref_add(page, GUP_PIN_COUNTING_BIAS - 1);
}

/**
 * pinner_drop_dma() - drop what pinner_hold_dma() made
 * @page: the page
 *
 * Context: any.
 */
void pinner_drop_dma(struct page *page)
{
	page_ref_sub(page, GUP_PIN_COUNTING_BIAS - 1);
	put_page(page);
}

/**
 * pinner_drop_held() - drop the references with which a pin was placed
 * @pin: the pin
 *
 * Context: any.
 */
void pinner_drop_held(struct pinner_pin *pin)
{
	unsigned long i;

	for (i = 0; i < pin->nr; i++) {
		if (pin->held[i])
			put_page(pin->held[i]);
		pin->held[i] = NULL;
	}
}

static void pin_free(struct pinner_pin *pin)
{
	iput(pin->inode);
	kvfree(pin->held);
	kvfree(pin->home);
	kfree(pin);
}

static struct pinner_pin *pin_new(const struct pinner_request *req)
{
	struct pinner_pin *pin = kzalloc(sizeof(*pin), GFP_KERNEL);
	struct inode *inode;

	if (!pin)
		return ERR_PTR(-ENOMEM);
	inode = pinner_cache_new();
	if (IS_ERR(inode)) {
		kfree(pin);
		return ERR_CAST(inode);
	}
	pin->inode = inode;
	pin->req = *req;
	pin->key = get_random_u64();
	pin->born = ktime_get();
	return pin;
}

static void pin_list(struct pinner_pin *pin)
{
	mutex_lock(&pins_lock);
	pin->id = ++last_id;
	list_add_tail(&pin->list, &pins);
	mutex_unlock(&pins_lock);
}

static int pin_start(struct pinner_pin *pin)
{
	int ret;

	ret = pinner_region_find(pin->req.region, &pin->range);
	if (ret)
		return ret;
	ret = pinner_place(pin);
	if (ret)
		return ret;
	ret = pin->req.mode->pin(pin);
	if (ret)
		pinner_drop_held(pin);
	return ret;
}

/**
 * pinner_pin_create() - make a pin
 * @req: what is wanted
 *
 * Context: sleeps for long.
 * Return: 0, or a negative errno and nothing is pinned.
 */
int pinner_pin_create(const struct pinner_request *req)
{
	struct pinner_pin *pin;
	int ret;

	if (!req->mode->pin) {
		pr_err_ratelimited("mode %s works on a user's memory only, use the device\n",
				   req->mode->name);
		return -EOPNOTSUPP;
	}
	pin = pin_new(req);
	if (IS_ERR(pin))
		return PTR_ERR(pin);
	ret = pin_start(pin);
	if (ret) {
		pin_free(pin);
		pinner_count(PINNER_PINS_FAILED, 1);
		return ret;
	}
	pin_list(pin);
	pinner_count(PINNER_PINS, 1);
	return 0;
}

static void pin_destroy(struct pinner_pin *pin)
{
	pin->req.mode->unpin(pin);
	pin_free(pin);
	pinner_count(PINNER_UNPINS, 1);
}

static struct pinner_pin *pin_take(unsigned int id, bool any)
{
	struct pinner_pin *pin, *found = NULL;

	mutex_lock(&pins_lock);
	list_for_each_entry(pin, &pins, list) {
		if (any || pin->id == id) {
			found = pin;
			list_del(&pin->list);
			break;
		}
	}
	mutex_unlock(&pins_lock);
	return found;
}

/**
 * pinner_pin_remove() - remove a pin
 * @id: its number
 *
 * Context: sleeps.
 * Return: 0 or -ENOENT.
 */
int pinner_pin_remove(unsigned int id)
{
	struct pinner_pin *pin = pin_take(id, false);

	if (!pin)
		return -ENOENT;
	pin_destroy(pin);
	return 0;
}

/**
 * pinner_pin_remove_all() - remove every pin
 *
 * Context: sleeps.
 */
void pinner_pin_remove_all(void)
{
	struct pinner_pin *pin;

	while ((pin = pin_take(0, true)))
		pin_destroy(pin);
}

/**
 * pinner_pins_lock() - keep every pin alive and the list as it is
 *
 * Context: sleeps.
 */
void pinner_pins_lock(void)
{
	mutex_lock(&pins_lock);
}

/**
 * pinner_pins_unlock() - undo pinner_pins_lock()
 *
 * Context: any that may sleep.
 */
void pinner_pins_unlock(void)
{
	mutex_unlock(&pins_lock);
}

/**
 * pinner_pins_nth() - the n-th pin, the oldest first
 * @n: counts from 0
 *
 * Context: between pinner_pins_lock() and pinner_pins_unlock().
 * Return: a pin, or NULL.
 */
struct pinner_pin *pinner_pins_nth(loff_t n)
{
	struct pinner_pin *pin;

	list_for_each_entry(pin, &pins, list)
		if (!n--)
			return pin;
	return NULL;
}

/**
 * pinner_pins_page() - the n-th page of all pins
 * @n: counts from 0
 * @i: set to its index in its pin
 *
 * Context: between pinner_pins_lock() and pinner_pins_unlock().
 * Return: its pin, or NULL.
 */
struct pinner_pin *pinner_pins_page(loff_t n, unsigned long *i)
{
	struct pinner_pin *pin;

	list_for_each_entry(pin, &pins, list) {
		if (n < pin->nr) {
			*i = n;
			return pin;
		}
		n -= pin->nr;
	}
	return NULL;
}

/**
 * pinner_pin_in_range() - how many pages of a pin lie in its region now
 * @pin: the pin
 *
 * Context: sleeps.
 * Return: their number.
 */
unsigned long pinner_pin_in_range(struct pinner_pin *pin)
{
	unsigned long i, in = 0;

	for (i = 0; i < pin->nr; i++) {
		struct page *page = pinner_cache_get(pin, i);

		if (!page)
			continue;
		in += pinner_range_has(&pin->range, page_to_pfn(page));
		put_page(page);
		cond_resched();
	}
	return in;
}
